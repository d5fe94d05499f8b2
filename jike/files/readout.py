"""Read the words of one PDF. Run as a program of its own: `readout.py < PDF > JSON` with `outcome`, `pages` and `text`.

It limits itself before it reads a byte: memory, processor time, no network, no program, no file but the tables of its library.
Whatever goes wrong inside, the process that called it goes on. Scanned pages have no words: there is no character recognition.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))

from jike.files.looking import confines

MEMORY_BYTES = 768 * 1024**2
CPU_SECONDS = 12
ENOUGH_SECONDS, ENOUGH_BY_THE_CLOCK = 6, 18  # an honest long contract is kept as far as it came
MOST_PAGES = 300
MOST_CHARACTERS = 50_000
UNKNOWN = "\ufffd"
_STARTED = time.monotonic()


def limit() -> None:
    confines.confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)


def words_of(content: bytes) -> dict[str, Any]:
    """`outcome` is read, cut (not to its end), empty (no words in it), locked (a password) or damaged."""
    from pdfminer.converter import TextConverter  # noqa: PLC0415 - loaded after the limits are set
    from pdfminer.layout import LAParams  # noqa: PLC0415
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect  # noqa: PLC0415
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager  # noqa: PLC0415
    from pdfminer.pdfpage import PDFPage  # noqa: PLC0415

    class Converter(TextConverter):
        def handle_undefined_char(self, font: Any, cid: int) -> str:
            return UNKNOWN

    manager, out = PDFResourceManager(), io.StringIO()
    interpreter = PDFPageInterpreter(manager, Converter(manager, out, laparams=LAParams(boxes_flow=None)))
    outcome, pages = "read", 0
    try:
        for page in PDFPage.get_pages(io.BytesIO(content)):
            if pages >= MOST_PAGES or out.tell() >= MOST_CHARACTERS or _is_enough():
                outcome = "cut"
                break
            pages += 1
            try:
                interpreter.process_page(page)
            except MemoryError:
                raise
            except Exception:
                outcome = "cut"  # this page is damaged, the others need not be
    except (PDFPasswordIncorrect, PDFEncryptionError):
        return _told("locked")
    except MemoryError:
        raise
    except Exception:
        return _told("damaged")
    return _kept(outcome, pages, out.getvalue()) if pages else _told("damaged")


def _is_enough() -> bool:
    return time.process_time() > ENOUGH_SECONDS or time.monotonic() - _STARTED > ENOUGH_BY_THE_CLOCK


def _kept(outcome: str, pages: int, text: str) -> dict[str, Any]:
    text = text.encode("utf-8", "ignore").decode()  # half surrogates, which no column takes
    if not text.replace(UNKNOWN, "").strip():
        return _told("damaged" if outcome == "cut" else "empty", pages)
    return _told("cut" if len(text) > MOST_CHARACTERS else outcome, pages, text[:MOST_CHARACTERS])


def _told(outcome: str, pages: int = 0, text: str = "") -> dict[str, Any]:
    return {"outcome": outcome, "pages": pages, "text": text}


if __name__ == "__main__":
    limit()
    logging.disable()
    sys.stdout.write(json.dumps(words_of(sys.stdin.buffer.read())))
