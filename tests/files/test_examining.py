"""What a confined process finds in files: honest ones with their facts, hostile ones with their reason, and never more memory or time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jike.files import kinds
from jike.files.examining import Examined, examine
from tests.attachments import good, hostile

FLAT = 700 * 1024**2
CORPUS = os.environ.get("JIKE_EVIDENCE_CORPUS", "")


def looked(content: bytes, ending: str = "") -> Examined:
    return examine([content], kind=kinds.kind_of(content), ending=ending)


@pytest.mark.parametrize("name", good.GOOD)
def test_what_honest_people_send_is_taken_with_its_facts(name: str) -> None:
    content, ending, kind, facts = good.GOOD[name]
    found = looked(content, ending)

    assert (found.refused, found.concerns, found.kind) == ("", (), kind)
    assert {key: found.facts.get(key) for key in facts} == facts


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_turn_of_a_camera_is_seen(turn: int) -> None:
    assert looked(good.picture("JPEG", turn=turn), "jpg").facts["orientation"] == turn


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_what_cannot_be_used_says_why(name: str) -> None:
    content, kind, reason = hostile.REFUSED[name]
    found = looked(content)

    assert (kinds.kind_of(content), found.refused) == (kind, reason)
    assert found.peak_bytes < FLAT


@pytest.mark.parametrize("name", hostile.HELD)
def test_what_acts_or_pretends_waits_for_a_person(name: str) -> None:
    content, ending, concern = hostile.HELD[name]
    found = looked(content, ending)

    assert found.refused == ""
    assert concern in found.concerns


def test_a_message_names_its_parts() -> None:
    found = looked(good.mail(), "eml")
    assert found.words["subject"] == "退款申请"
    assert [part["name"] for part in found.words["parts"]] == ["", "收据（一）.jpg"]
    assert found.words["parts"][1]["kind"] == "image/jpeg"


def test_names_in_an_archive_are_read_as_chinese_packers_write_them() -> None:
    from tests.attachments.samples import zipped

    raw = zipped("ABCD.txt", content=b"x").replace(b"ABCD", "合同".encode("gb18030"))
    assert looked(raw, "zip").words["parts"][0]["name"] == "合同.txt"


def test_a_large_recording_passes_through_little_memory() -> None:
    def pieces() -> Iterator[bytes]:
        yield good.wav()[:44]
        for _ in range(300):
            yield bytes(1024 * 1024)

    head = good.wav()
    found = examine(pieces(), kind=kinds.kind_of(head), ending="wav")
    assert found.refused == ""
    assert found.peak_bytes < 100 * 1024**2


def test_trouble_of_the_source_is_trouble_of_the_caller() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"\xff\xd8\xff"
        raise LookupError("gone")

    with pytest.raises(LookupError):
        examine(pieces(), kind=kinds.JPEG)


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"kind": 1}', b"{" * 10, b"x" * 600_000])
def test_what_the_process_says_is_believed_only_in_its_shape(
    answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jike.files import examining

    program = tmp_path / "__main__.py"
    program.write_text(f"import sys\nsys.stdin.buffer.read()\nsys.stdout.buffer.write({answer!r})\n")
    monkeypatch.setattr(examining, "_PROGRAM", tmp_path)
    assert examine([b"x"], kind=kinds.TEXT).refused in {"file.damaged", "file.unsafe"}


def test_a_process_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jike.files import examining

    (tmp_path / "__main__.py").write_text("import time\nwhile True: time.sleep(1)\n")
    monkeypatch.setattr(examining, "_PROGRAM", tmp_path)
    monkeypatch.setattr(examining, "_SECONDS", 1)
    assert examine([b"x" * 10_000_000], kind=kinds.TEXT).refused == "file.too_heavy"


CONFINED = """
import sys
sys.path.append({base!r})
from jike.files.looking import confines
confines.confine(memory_bytes=400 * 1024**2, cpu_seconds=5)
tried = []
def attempt(name, act):
    try:
        act()
    except (PermissionError, OSError, MemoryError):
        tried.append(name)
import socket, subprocess
attempt("secrets", lambda: open({secret!r}).read())
attempt("passwords", lambda: open("/etc/passwd").read())
attempt("write", lambda: open("/tmp/x", "w"))
attempt("network", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("program", lambda: subprocess.run(["/bin/true"]))
attempt("memory", lambda: bytearray(800 * 1024**2))
print(" ".join(tried))
"""


def test_the_process_reaches_no_file_network_program_or_memory(tmp_path: Path) -> None:
    import subprocess
    import sys

    secret = tmp_path / "key"
    secret.write_text("key")
    base = str(Path(__file__).resolve().parents[2])
    script = CONFINED.format(base=base, secret=str(secret))
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["secrets", "passwords", "write", "network", "program", "memory"]


def corpus() -> list[Any]:
    if not CORPUS:
        return []
    lines = (Path(CORPUS) / "FACTS.jsonl").read_text().splitlines()
    return [pytest.param(facts, id=facts["file"]) for facts in map(json.loads, lines)]


@pytest.mark.skipif(not CORPUS, reason="JIKE_EVIDENCE_CORPUS names no folder of files")
@pytest.mark.parametrize("facts", corpus())
def test_files_from_outside_are_judged_with_their_facts(facts: dict[str, Any]) -> None:
    """A folder with `good/`, `hostile/` and FACTS.jsonl: honest files are taken as what they are, the others end in a verdict."""
    content = (Path(CORPUS) / facts["file"]).read_bytes()
    kind = kinds.kind_of(content)
    if kind not in kinds.TAKEN:
        assert not facts["file"].startswith("good/"), kind
        return
    found = looked(content, Path(facts["file"]).suffix[1:].lower())
    assert found.peak_bytes < FLAT and found.refused != "file.unsafe"
    if facts["file"].startswith("good/"):
        assert (found.refused, found.concerns) == ("", ())
        assert found.facts.get("pages") == facts.get("pdf", {"pages": found.facts.get("pages")})["pages"]
        assert found.facts.get("width") == facts.get("image", {"size": [found.facts.get("width")]})["size"][0]
        assert found.facts.get("orientation", 1) == (facts.get("image", {}).get("orientation") or 1)
