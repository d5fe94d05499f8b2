"""The Merkle tree of RFC 9162: hashes, roots, proofs, and a checker that anybody can run: `python3 tree.py PROOF.json`.

Nothing but Python's standard library is imported, so that this very file can be handed out with a proof; signatures are checked
with the `openssl` program. A leaf is what `jike.ledger` seals of one entry; a head is the signed size and root at one moment.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ORIGIN = "jike ledger head 1"
EMPTY_ROOT = hashlib.sha256(b"").digest()
Node = Callable[[int, int], bytes]
"""`node(level, index)`: the hash over the leaves from `index << level` on, `1 << level` of them, all of which exist."""


class Unproven(Exception):
    """A proof does not show what it should."""


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: a few hashes from which its root follows. Remembers every full subtree it completes."""

    def __init__(self, completed: Callable[[int, int, bytes], None] | None = None) -> None:
        self.size = 0
        self._edge: list[tuple[int, bytes]] = []
        self._completed = completed

    @classmethod
    def of(cls, size: int, node: Node, completed: Callable[[int, int, bytes], None] | None = None) -> Frontier:
        """The right edge of the tree with `size` leaves, from its full subtrees."""
        edge, start = cls(completed), 0
        edge.size = size
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                edge._edge.append((level, node(level, start >> level)))
                start += 1 << level
        return edge

    def append(self, leaf: bytes) -> None:
        level, found = 0, leaf
        while self._edge and self._edge[-1][0] == level:
            found = node_hash(self._edge.pop()[1], found)
            level += 1
            if self._completed is not None:
                self._completed(level, self.size >> level, found)
        self._edge.append((level, found))
        self.size += 1

    def root(self) -> bytes:
        if not self._edge:
            return EMPTY_ROOT
        found = self._edge[-1][1]
        for _level, left in reversed(self._edge[:-1]):
            found = node_hash(left, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    edge = Frontier()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _over(start: int, size: int, node: Node) -> bytes:
    """The hash over `size` leaves from `start` on, which is a multiple of the power of two at or above `size`."""
    if size & (size - 1) == 0:
        return node(size.bit_length() - 1, start >> size.bit_length() - 1)
    left = _split(size)
    return node_hash(_over(start, left, node), _over(start + left, size - left, node))


def inclusion(position: int, size: int, node: Node) -> list[bytes]:
    """The path that leads from the leaf at `position` to the root over `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= position < size:
        raise ValueError("there is no such leaf in a tree of this size")
    path, start = [], 0
    while size > 1:
        left = _split(size)
        if position - start < left:
            path.append(_over(start + left, size - left, node))
            size = left
        else:
            path.append(_over(start, left, node))
            start, size = start + left, size - left
    return path[::-1]


def consistency(first: int, second: int, node: Node) -> list[bytes]:
    """What shows that the tree of `first` leaves is the beginning of the tree of `second` leaves (RFC 9162, 2.1.4.1)."""
    if not 0 < first <= second:
        raise ValueError("the first tree must have a leaf and be no larger than the second")
    path, start, size, is_whole = [], 0, second, True
    while first - start < size:
        left = _split(size)
        if first - start <= left:
            path.append(_over(start + left, size - left, node))
            size = left
        else:
            path.append(_over(start, left, node))
            start, size, is_whole = start + left, size - left, False
    if not is_whole:
        path.append(_over(start, size, node))
    return path[::-1]


def check_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from `leaf` at `position` to `root` over `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def check_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the first tree is the beginning of the second (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and (old, new) == (first_root, second_root)


def head_body(size: int, root: bytes, at: str) -> bytes:
    """What is signed of a head: four lines of text. `at` is the moment in UTC as ISO 8601."""
    return f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n{at}\n".encode()


def read_head(body: bytes) -> tuple[int, bytes, str]:
    """(size, root, moment) of a signed text. Raises `Unproven` for any other text."""
    try:
        origin, size, root, at, rest = body.decode("ascii").split("\n")
        found = int(size), base64.b64decode(root, validate=True), at
    except (ValueError, binascii.Error):
        raise Unproven("the head is not readable") from None
    if origin != ORIGIN or rest or head_body(*found) != body:
        raise Unproven("the head is not readable")
    return found


def public_pem(raw: bytes) -> str:
    """The 32 bytes of an Ed25519 public key as openssl reads them."""
    der = bytes.fromhex("302a300506032b6570032100") + raw
    return f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(der).decode()}\n-----END PUBLIC KEY-----\n"


def check_proof(proof: dict[str, Any]) -> tuple[int, bytes, str]:
    """Recompute the way from the entry to the head. Answers the head's (size, root, moment); its signature is another question.

    Raises `Unproven` with the reason.
    """
    try:
        body = base64.b64decode(proof["head"]["body"], validate=True)
        path = [bytes.fromhex(step) for step in proof["path"]]
        leaf, position = leaf_hash(proof["leaf"].encode()), int(proof["position"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unproven("this is not a proof") from None
    size, root, at = read_head(body)
    if not check_inclusion(leaf, position, size, path, root):
        raise Unproven("the path does not lead from this entry to the head")
    return size, root, at


def check_signature(head: dict[str, Any], *, openssl: str = "openssl") -> bool:
    """Whether the head is signed with the public key it names, by the `openssl` program."""
    with tempfile.TemporaryDirectory() as folder:
        names = {name: Path(folder) / name for name in ("key.pem", "body", "signature")}
        names["key.pem"].write_text(public_pem(base64.b64decode(head["public_key"])))
        names["body"].write_bytes(base64.b64decode(head["body"]))
        names["signature"].write_bytes(base64.b64decode(head["signature"]))
        order = [openssl, "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(names["key.pem"])]
        order += ["-in", str(names["body"]), "-sigfile", str(names["signature"])]
        return subprocess.run(order, capture_output=True, check=False).returncode == 0


def main(words: Sequence[str]) -> int:
    """Check one proof and say what it shows. The reader compares the public key with the one published elsewhere."""
    if len(words) != 1:
        print("usage: python3 tree.py PROOF.json")
        return 2
    proof = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    try:
        size, _root, at = check_proof(proof)
        if not check_signature(proof["head"]):
            raise Unproven("the signature of the head does not fit its public key")
    except Unproven as reason:
        print(f"NOT PROVEN: {reason}")
        return 1
    print(f"PROVEN: entry {proof['position']} is in the ledger of {size} entries signed at {at}")
    print(f"entry:      {proof['leaf']}")
    print(f"public key: {proof['head']['public_key']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
