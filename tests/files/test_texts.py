"""Words of PDF: Chinese in the encodings that banks use, and hostile files that end in seconds in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jike.files import pdf, readout, texts
from jike.files.texts import Reading, words_of_pdf
from tests.attachments import pdfs

SAID = "合同编号：学而优2026，退款虚假宣传１２３"


@pytest.mark.parametrize(
    ("cmap", "encoding"),
    [("UniGB-UTF16-H", "utf-16-be"), ("UniGB-UCS2-H", "utf-16-be"), ("UniGB-UTF8-H", "utf-8"), ("GBK-EUC-H", "gbk"), ("GBK2K-H", "gb18030")],
)  # fmt: skip
def test_reads_chinese_in_fonts_that_are_not_in_the_file(cmap: str, encoding: str) -> None:
    reading = words_of_pdf(pdfs.chinese(SAID, cmap=cmap, encoding=encoding))
    assert (reading.outcome, reading.pages, reading.text.strip()) == ("read", 1, SAID)


@pytest.mark.skipif(not pdf.is_available()[0], reason="Pango is missing: run make setup")
def test_reads_embedded_fonts_and_every_page() -> None:
    pages = "".join(f"<p style='page-break-after: always'>第{n}页，{SAID}</p>" for n in range(3))
    reading = words_of_pdf(pdf.render(pages, title="x"))
    assert (reading.outcome, reading.text.count(SAID)) == ("read", 3) and "第2页" in reading.text


def test_a_scan_has_no_words_and_a_lock_stays_locked() -> None:
    assert words_of_pdf(pdfs.scan()) == Reading("empty", 1)
    assert words_of_pdf(pdfs.locked()) == Reading("locked")


@pytest.mark.parametrize("name", pdfs.HOSTILE)
def test_damaged_files_are_said_to_be_damaged(name: str) -> None:
    assert words_of_pdf(pdfs.HOSTILE[name]) == Reading("damaged")


def test_a_gigabyte_in_five_kilobytes_ends_in_seconds() -> None:
    hostile, began = pdfs.bomb(), time.monotonic()
    assert len(hostile) < 10_000
    assert words_of_pdf(hostile) == Reading("heavy")
    assert time.monotonic() - began < texts._SECONDS + 5


def test_the_parent_ends_a_child_that_gets_no_time_to_run_out_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_SECONDS", 2)
    began = time.monotonic()
    assert words_of_pdf(pdfs.treadmill()) == Reading("heavy")
    assert time.monotonic() - began < 6


def test_a_long_text_is_cut_and_says_so() -> None:
    reading = words_of_pdf(pdfs.chinese("\n".join(["学而优合同" * 20] * 600)))
    assert (reading.outcome, len(reading.text)) == ("cut", readout.MOST_CHARACTERS)


@pytest.mark.parametrize(
    "told",
    ["", "{}", "[]", '{"outcome": "read", "pages": 1, "text": 5}', '{"outcome": "opened", "pages": 1, "text": ""}', '{"outcome": ["read"], "pages": 1, "text": ""}'],
)  # fmt: skip
def test_a_child_that_says_something_else_is_not_believed(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "liar.py"
    program.write_text(f"print({told!r})")
    monkeypatch.setattr(texts, "_PROGRAM", program)
    assert words_of_pdf(pdfs.scan()) == Reading("heavy")


ATTEMPTS = """
import json, os, socket, subprocess, sys
sys.path.append({root!r})
from jike.files import readout
readout.limit()
tried = {{}}
def attempt(name, work):
    try:
        work()
    except MemoryError:
        tried[name] = "memory"
    except OSError as error:
        tried[name] = type(error).__name__
    else:
        tried[name] = "done"
attempt("network", lambda: socket.socket().connect(("127.0.0.1", {port})))
attempt("program", lambda: subprocess.run(["/bin/true"]))
attempt("secrets", lambda: open("/etc/passwd").read())
attempt("our keys", lambda: open({root!r} + "/manage.py").read())
attempt("writing", lambda: open({folder!r} + "/left.txt", "w"))
attempt("memory", lambda: bytearray(2 * 1024**3))
attempt("library", lambda: __import__("pdfminer.cmapdb").cmapdb.CMapDB.get_cmap("GBK-EUC-H"))
print(json.dumps(tried))
"""


def test_the_child_may_read_its_library_and_nothing_else(tmp_path: Path) -> None:
    program = tmp_path / "attempts.py"
    program.write_text(ATTEMPTS.format(root=str(Path(readout.__file__).parents[2]), folder=str(tmp_path), port=1))
    done = subprocess.run([sys.executable, "-I", str(program)], capture_output=True, text=True, check=True, timeout=60)
    refused = dict.fromkeys(("network", "program", "secrets", "our keys", "writing"), "PermissionError")
    assert json.loads(done.stdout) == refused | {"memory": "memory", "library": "done"}
