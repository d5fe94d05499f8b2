"""Papers of many pages."""

from __future__ import annotations

import io

import pikepdf

from tests.copies.conftest import telling_paper


def of_pages(count: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(telling_paper())) as paper:
        for _more in range(count - 1):
            paper.pages.append(paper.pages[0])
        paper.save(out)
    return out.getvalue()
