"""A bundle of more than a thousand pages: what the index says is where things are. Part of `make faults`, for it takes a minute."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from cases.bundles.models import Binding
from tests.attachments import good
from tests.bundles.conftest import desk_of
from tests.people import Cast

pytestmark = pytest.mark.storm
LENGTHS = [1 + (n * 7) % 40 for n in range(60)]


def words_of_pages(document: bytes) -> list[str]:
    pages = extract_pages(io.BytesIO(document))
    return ["".join(box.get_text() for box in page if isinstance(box, LTTextContainer)) for page in pages]


def test_the_index_of_a_thousand_pages_names_the_real_ones(cast: Cast, tmp_path: Path) -> None:
    papers = tuple(
        (f"材料{n}.pdf", good.paper(pages, turn=90 * (n % 4), size=(500 + n, 842 - n)))
        for n, pages in enumerate(LENGTHS, 1)
    )
    desk = desk_of(cast, papers)
    bundle = desk.build()
    document, made = desk.document(bundle), Binding.objects.get(pk=bundle.pk)

    words = words_of_pages(document)
    assert made.pages == len(words) > sum(LENGTHS) > 1_000
    stamped: dict[int, list[int]] = {}
    for number, page in enumerate(words, start=1):
        assert f"第{number}页 / 共{made.pages}页" in page
        if found := re.search(r"证据 (\d+)\b", page):
            stamped.setdefault(int(found[1]), []).append(number)
    assert [len(stamped[n]) for n in sorted(stamped)] == LENGTHS
    real = {n: (pages[0], pages[-1]) for n, pages in stamped.items()}
    assert all(pages == list(range(pages[0], pages[-1] + 1)) for pages in stamped.values())

    index = words[1 : min(first for first, _last in real.values()) - 1]
    said = {found for page in index for found in re.findall(r"\d+(?:–\d+)?", page)}
    assert {f"{first}–{last}" if last > first else str(first) for first, last in real.values()} <= said
    with pikepdf.open(io.BytesIO(document)) as found:
        numbers = {page.obj.objgen: page.index + 1 for page in found.pages}
        links = [
            numbers[link.Dest[0].objgen]
            for page in found.pages[1 : 1 + len(index)]
            for link in page.obj.get("/Annots", [])
        ]
    assert sorted(set(links)) == sorted(first for first, _last in real.values())

    whole = tmp_path / "bundle.pdf"
    whole.write_bytes(document)
    done = subprocess.run(["qpdf", "--check", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
