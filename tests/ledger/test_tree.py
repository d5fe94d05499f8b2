"""The Merkle tree of RFC 9162, against its definition and the reference values of certificate transparency."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from jike.ledger import tree

# The eight leaves and the roots over the first 1, 2, … 8 of them that every implementation is tested with.
REFERENCE = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
LEAVES = [tree.leaf_hash(n.to_bytes(2, "big")) for n in range(300)]


def defined(leaves: list[bytes]) -> bytes:
    """The root as section 2.1.1 defines it."""
    if not leaves:
        return tree.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return tree.node_hash(defined(leaves[:split]), defined(leaves[split:]))


def node(level: int, index: int) -> bytes:
    return defined(LEAVES[index << level : (index + 1) << level])


def test_roots_are_those_of_the_reference() -> None:
    leaves = [tree.leaf_hash(bytes.fromhex(content)) for content in REFERENCE]

    assert {size: tree.root_of(leaves[:size]).hex() for size in ROOTS} == ROOTS
    assert tree.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.integers(0, 299))
def test_a_frontier_goes_on_where_the_tree_ends(size: int) -> None:
    full: dict[tuple[int, int], bytes] = {}
    edge = tree.Frontier.of(size, node, lambda level, index, value: full.__setitem__((level, index), value))

    assert edge.root() == defined(LEAVES[:size])
    edge.append(LEAVES[size])
    assert (edge.size, edge.root()) == (size + 1, defined(LEAVES[: size + 1]))
    assert full == {place: node(*place) for place in full}


@given(st.data())
def test_inclusion_is_shown_of_every_leaf_and_of_nothing_else(data: Any) -> None:
    size = data.draw(st.integers(1, 299))
    position = data.draw(st.integers(0, size - 1))
    root, path = defined(LEAVES[:size]), tree.inclusion(position, size, node)

    assert tree.check_inclusion(LEAVES[position], position, size, path, root)
    assert not tree.check_inclusion(LEAVES[position + 1], position, size, path, root)
    assert not tree.check_inclusion(LEAVES[position], position, size, [*path, bytes(32)], root)
    assert not tree.check_inclusion(LEAVES[position], size, size, path, root)
    if path:
        assert not tree.check_inclusion(LEAVES[position], position ^ 1, size, path, root)
        assert not tree.check_inclusion(LEAVES[position], position, size, path[:-1], root)
        assert not tree.check_inclusion(LEAVES[position], position, size, [bytes(32), *path[1:]], root)


@given(st.data())
def test_consistency_is_shown_of_a_beginning_and_of_nothing_else(data: Any) -> None:
    second = data.draw(st.integers(1, 299))
    first = data.draw(st.integers(1, second))
    old, new, path = defined(LEAVES[:first]), defined(LEAVES[:second]), tree.consistency(first, second, node)

    assert tree.check_consistency(first, second, old, new, path)
    assert not tree.check_consistency(first, second, bytes(32), new, path)
    assert not tree.check_consistency(first, second, old, bytes(32), path)
    assert not tree.check_consistency(first, second, old, new, [*path, bytes(32)])
    assert not tree.check_consistency(0, second, old, new, path)
    assert not tree.check_consistency(second + 1, second, old, new, path)
    if first != second:
        assert not tree.check_consistency(first, second, old, new, path[:-1])


@pytest.mark.parametrize(
    "body",
    [b"", b"jike ledger head 1\n3\n", tree.head_body(3, bytes(32), "t") + b"x", tree.head_body(3, bytes(32), "t")[:-1]],
)
def test_only_a_whole_head_is_read(body: bytes) -> None:
    assert tree.read_head(tree.head_body(3, bytes(32), "2026")) == (3, bytes(32), "2026")
    with pytest.raises(tree.Unproven):
        tree.read_head(body)


def proof() -> dict[str, Any]:
    """A proof over seven leaves, signed with a key of its own."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    contents = [f'{{"n":{n}}}' for n in range(7)]
    leaves = [tree.leaf_hash(content.encode()) for content in contents]
    body = tree.head_body(7, tree.root_of(leaves), "2026-09-28T04:00:00+00:00")
    path = tree.inclusion(4, 7, lambda level, index: tree.root_of(leaves[index << level : (index + 1) << level]))
    head = {"body": body, "signature": key.sign(body), "public_key": key.public_key().public_bytes_raw()}
    return {
        "leaf": contents[4],
        "position": 4,
        "path": [step.hex() for step in path],
        "head": {name: base64.b64encode(value).decode() for name, value in head.items()},
    }


def run(tmp_path: Path, content: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """The checker as a stranger runs it: the one file, elsewhere, with no package of ours."""
    (tmp_path / "tree.py").write_bytes(Path(tree.__file__).read_bytes())
    (tmp_path / "proof.json").write_text(json.dumps(content))
    return subprocess.run(
        [sys.executable, "-I", "-S", "tree.py", "proof.json"], cwd=tmp_path, capture_output=True, text=True
    )


def test_a_stranger_can_check_a_proof_with_one_file(tmp_path: Path) -> None:
    done = run(tmp_path, proof())

    assert done.returncode == 0, done.stdout + done.stderr
    assert "PROVEN: entry 4 is in the ledger of 7 entries signed at 2026-09-28T04:00:00+00:00" in done.stdout
    assert '{"n":4}' in done.stdout and proof()["head"]["public_key"] in done.stdout


def test_a_stranger_is_told_what_is_wrong(tmp_path: Path) -> None:
    other = proof() | {"leaf": '{"n":5}'}
    assert "NOT PROVEN: the path does not lead" in run(tmp_path, other).stdout
    forged = proof()
    forged["head"]["signature"] = base64.b64encode(bytes(64)).decode()
    assert "NOT PROVEN: the signature" in run(tmp_path, forged).stdout
    later = proof()
    later["head"]["body"] = base64.b64encode(base64.b64decode(later["head"]["body"]).replace(b"2026", b"2020")).decode()
    assert "NOT PROVEN: the signature" in run(tmp_path, later).stdout
    for broken in ({}, proof() | {"path": "x"}, proof() | {"leaf": 3}, proof() | {"position": None}):
        assert "NOT PROVEN: this is not a proof" in run(tmp_path, broken).stdout
    assert all(run(tmp_path, wrong).returncode == 1 for wrong in (other, forged, later, {}))
