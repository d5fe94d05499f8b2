"""Letters: nothing is loaded from anywhere, and the same text gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from jike.files import pdf

PROJECT = Path(__file__).parents[2]
AT = datetime(2026, 9, 28, 4, tzinfo=UTC)
LETTER = """<!doctype html><html lang="zh"><meta charset="utf-8"><body><h1>处理决定书</h1>
<p>张小明先生／女士：您的投诉已办结，退还 ¥12,345.67。①②③ □ ■ 镕喆堃龘</p></body></html>"""
PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
available = pytest.mark.skipif(not pdf.is_available()[0], reason="Pango is missing: run make setup")


def streams(document: bytes) -> bytes:
    """The document with all its streams unpacked."""
    out = [document]
    for part in document.split(b"stream\n")[1:]:
        try:
            out.append(zlib.decompressobj().decompress(part.removeprefix(b"\n")))
        except zlib.error:
            continue
    return b"\n".join(out)


class Listener(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(404)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def trap(base: str, css: str) -> str:
    """A page that asks for `base` in every way a page can."""
    return f"""<!doctype html><html><head><base href="{base}/">
    <link rel="stylesheet" href="{base}/link.css"><style>@import url({base}/import.css); body {{ background: url({base}/back.png); }}
    @font-face {{ font-family: f; src: url({base}/font.otf); }} p {{ font-family: f; content: url({base}/content.png); }}
    {css}</style><link rel="attachment" href="{base}/secret.txt"></head>
    <body><p>text</p><img src="{base}/img.png"><img src="//127.0.0.1/x.png"><img src="img.png"><a rel="attachment" href="{base}/secret.txt">a</a>
    <object data="{base}/object.svg"></object><embed src="{base}/embed.svg"><ul style="list-style-image: url({base}/list.png)"><li>x</ul>
    <svg xmlns="http://www.w3.org/2000/svg"><image href="{base}/svg.png"/><use href="{base}/use.svg#a"/></svg>
    <img src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Cimage href='{base}/inner.png'/%3E%3C/svg%3E">
    </body></html>"""


@available
def test_files_of_the_machine_never_get_in(tmp_path: Path) -> None:
    canary = "CANARY7391"
    (tmp_path / "secret.txt").write_text(canary)
    for name in ("link.css", "import.css"):
        (tmp_path / name).write_text(f'p::after {{ content: "{name}" }} @page {{ size: 333pt 444pt }}')
    page = trap(tmp_path.as_uri(), "")

    document = streams(pdf.render(page, title="x"))

    assert canary.encode() not in document and b"EmbeddedFile" not in document and b"333" not in document
    weasyprint = pdf._weasyprint()
    careless = streams(
        weasyprint.HTML(
            string=page, base_url=str(tmp_path), url_fetcher=weasyprint.urls.URLFetcher(allowed_protocols={"file"})
        ).write_pdf()
    )
    assert canary.encode() in careless and b"333" in careless, "the detector must see what a careless renderer lets in"


@available
def test_network_is_never_asked(listener: HTTPServer) -> None:
    page = trap(f"http://127.0.0.1:{listener.server_port}", "")

    pdf.render(page, title="x")
    assert listener.asked == []  # type: ignore[attr-defined]

    weasyprint = pdf._weasyprint()
    weasyprint.HTML(string=page, url_fetcher=weasyprint.urls.URLFetcher()).render()
    assert len(listener.asked) >= 5  # type: ignore[attr-defined]


@available
@pytest.mark.parametrize(
    "scheme",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:1/",
        "https://x.cn/",
        "ftp://x.cn/",
        "jar:x",
        "FILE:///etc/hostname",
        "jike-font:../x",
    ],
)
def test_fetcher_refuses_all_but_data(scheme: str) -> None:
    fetcher = pdf._fetcher_class()(allowed_protocols={"data"})

    with pytest.raises(ValueError, match="disallowed protocol"):
        fetcher.fetch(scheme)
    assert fetcher.fetch("data:text/plain,ok").read() == b"ok"
    assert fetcher.fetch("jike-font:bold").read(4) == b"OTTO"


@available
def test_embedded_pictures_are_shown() -> None:
    assert b"/Subtype /Image" in pdf.render(f'<img src="{PNG}">', title="x")


@available
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # WeasyPrint leaves its colour profile open
@pytest.mark.parametrize("archival", [False, True])
def test_same_text_gives_same_bytes_on_every_machine(tmp_path: Path, archival: bool) -> None:
    """Other hash seed, time zone, locale and no system fonts at all: the same document."""
    here = pdf.render(LETTER, title="决定书", at=AT, archival=archival)
    code = (
        "import sys, datetime; from django.conf import settings; settings.configure(BASE_DIR=sys.argv[1]);"
        "from jike.files import pdf; from tests.files.test_pdf import LETTER, AT;"
        "sys.stdout.buffer.write(pdf.render(LETTER, title='决定书', at=AT, archival=sys.argv[2] == 'True'))"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": "77",
        "TZ": "America/St_Johns",
        "LANG": "C",
        "FONTCONFIG_FILE": str(PROJECT / "static" / "fonts" / "fonts.conf"),
        "XDG_CACHE_HOME": str(tmp_path),
        "SOURCE_DATE_EPOCH": "1",
    }
    there = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(PROJECT), str(archival)],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
    )

    assert there.returncode == 0, there.stderr.decode()
    assert there.stdout == here
    assert b"20260928" in streams(here)
    assert (b"pdfaid" in streams(here)) == archival


@available
def test_only_the_vendored_font_is_used() -> None:
    document = pdf.render(LETTER, title="x")

    names = {
        line.split(b"+")[1]
        for line in streams(document).replace(b"\n", b" ").split(b"/BaseFont /")[1:]
        for line in [line.split()[0]]
    }
    assert names and all(name.startswith(b"Jike-Sans") for name in names)


@available
def test_document_has_no_date_unless_given() -> None:
    document = streams(pdf.render(LETTER, title="x"))

    assert b"CreationDate" not in document and b"ModDate" not in document


def test_coverage_of_names() -> None:
    gbk = "".join(map(chr, range(0x4E00, 0x9FA6)))

    assert pdf.missing_glyphs(gbk + "㑇㛃〇·，。：；！？“”‘’《》【】（）①⑳㈠Ⅳ¥￥%‰℃□■★ ABCabc0189") == []
    assert pdf.missing_glyphs("张𠮷明𠮷\n😀") == ["𠮷", "😀"]


def test_missing_library_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(pdf, "_weasyprint", broken)
    available, remedy = pdf.is_available()

    assert not available and "make setup" in remedy
    with pytest.raises(pdf.RendererMissing, match="make setup"):
        pdf.render(LETTER, title="x")
