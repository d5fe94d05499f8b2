"""HTML to PDF. The only module that imports WeasyPrint; it loads nothing but `data:` URLs and the vendored font.

The same HTML gives the same bytes on every machine: no date, path, locale or system font enters the document. Only for a
character that the vendored font lacks a system font is used, if there is one; `missing_glyphs` tells.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

FAMILY = "Jike Sans"
FONT_SCHEME = "jike-font"
FACES = {"regular": (400, "NotoSansSC-Regular.woff2"), "bold": (700, "NotoSansSC-Bold.woff2")}
PAGE_CSS = (
    "".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; src: url({FONT_SCHEME}:{face}); }}'
        for face, (weight, _name) in FACES.items()
    )
    + f'html {{ font-family: "{FAMILY}"; }} @page {{ font-family: "{FAMILY}"; }}'
)
_one_at_a_time = threading.Lock()


class RendererMissing(Exception):
    """PDF cannot be made on this machine; the text is the remedy."""


def is_available() -> tuple[bool, str]:
    """Whether PDF can be made here, and if not, the remedy in the reader's language."""
    try:
        _weasyprint()
    except (ImportError, OSError):
        return False, _(
            "Documents wait: the text layout library Pango is missing on this machine. Run “make setup” to install it."
        )
    return True, ""


def render(html: str, *, title: str, lang: str = "zh", at: datetime | None = None, archival: bool = False) -> bytes:
    """The document as PDF, PDF/A-3b if `archival`. `at` becomes its date; without it there is none.

    `html` is a whole document or a part of one. Raises `RendererMissing`.
    """
    weasyprint = _renderer()
    with _one_at_a_time:
        document = _laid_out(weasyprint, html, lang)
        document.metadata.title, document.metadata.lang = title, lang
        moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None
        document.metadata.created = document.metadata.modified = moment
        document.metadata.attachments = []
        return bytes(document.write_pdf(**({"pdf_variant": "pdf/a-3b"} if archival else {})))


def render_counted(html: str, *, title: str, lang: str = "zh") -> tuple[bytes, int]:
    """The document as PDF without a date, and how many pages it has. Raises `RendererMissing`."""
    weasyprint = _renderer()
    with _one_at_a_time:
        document = _laid_out(weasyprint, html, lang)
        document.metadata.title, document.metadata.lang = title, lang
        return bytes(document.write_pdf()), len(document.pages)


def render_many(sheets: Sequence[str], *, title: str, lang: str = "zh") -> bytes:
    """Several documents one after the other in one file, each with page numbers of its own. Raises `RendererMissing`."""
    weasyprint = _renderer()
    with _one_at_a_time:
        documents = [_laid_out(weasyprint, html, lang) for html in sheets]
        whole = documents[0].copy([page for document in documents for page in document.pages])
        whole.metadata.title, whole.metadata.lang = title, lang
        return bytes(whole.write_pdf())


def _renderer() -> Any:
    try:
        return _weasyprint()
    except (ImportError, OSError):
        raise RendererMissing(is_available()[1]) from None


def _laid_out(weasyprint: Any, html: str, lang: str) -> Any:
    if "<html" not in html[:1000].lower():
        html = f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><body>{html}</body></html>'
    fetcher = _fetcher_class()(allowed_protocols={"data"})
    font_config = weasyprint.text.fonts.FontConfiguration()
    css = weasyprint.CSS(string=PAGE_CSS, url_fetcher=fetcher, font_config=font_config)
    page = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
    return page.render(font_config=font_config, stylesheets=[css])


def missing_glyphs(text: str) -> list[str]:
    """Characters of `text` that the vendored font cannot print, each once, in the order they come."""
    covered = _covered()
    return [char for char in dict.fromkeys(text) if ord(char) not in covered and not char.isspace()]


def _fonts() -> Path:
    return Path(settings.BASE_DIR) / "static" / "fonts"


@cache
def face(name: str) -> bytes:
    """The vendored face as OpenType, unpacked once per process: WeasyPrint would do it for every document."""
    from fontTools.ttLib import woff2  # noqa: PLC0415 - slow to load, only needed to render

    unpacked = io.BytesIO()
    woff2.decompress(io.BytesIO((_fonts() / FACES[name][1]).read_bytes()), unpacked)
    return unpacked.getvalue()


@cache
def _covered() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only needed where names are checked

    with TTFont(_fonts() / FACES["regular"][1], lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _weasyprint() -> Any:
    """The library. Where the system has no font configuration, ours stands in: only the vendored fonts."""
    if not os.environ.get("FONTCONFIG_FILE") and not Path("/etc/fonts/fonts.conf").exists():
        os.environ["FONTCONFIG_FILE"] = str(_fonts() / "fonts.conf")
    import weasyprint
    import weasyprint.text.fonts

    return weasyprint


@cache
def _fetcher_class() -> type[Any]:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class VendoredFetcher(URLFetcher):
        """Serves the vendored faces and `data:` URLs; files and the network are refused."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            scheme, _colon, name = url.partition(":")
            if scheme == FONT_SCHEME and name in FACES:
                return URLFetcherResponse(url, face(name), {"Content-Type": "font/otf"})
            return super().fetch(url, headers)

    return VendoredFetcher
