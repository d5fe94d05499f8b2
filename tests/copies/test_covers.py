"""Covering: what is suggested, that nothing is left under an area, and that a copy that gives something away is found out."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from jike.files import covers, kinds, pdf
from jike.files.covering import patterns
from jike.files.covers import Area, NotCovered, covered, look_at, trouble_of
from jike.files.pages import pages_of
from jike.files.texts import words_of_pdf
from tests.attachments import pdfs, samples
from tests.copies.conftest import ADDRESS, CARD, ID_NUMBER, PHONE, TELLING, telling_paper

HALF = Area(1, 0.0, 0.0, 1.0, 0.5, "other")


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        (f"身份证{ID_NUMBER}。", "id_number", ID_NUMBER), ("号码：110105 19491231 002x", "id_number", "110105 19491231 002x"),
        ("１１０１０５１９４９１２３１００２Ｘ", "id_number", "１１０１０５１９４９１２３１００２Ｘ"),
        (f"电话{PHONE}转", "phone", PHONE), ("+86 138 1234 5678", "phone", "+86 138 1234 5678"), ("座机010-62345678", "phone", "010-62345678"),
        (f"卡号{CARD}", "card", CARD), ("6222 0202 0011 2230", "card", "6222 0202 0011 2230"),
        (f"住址：{ADDRESS}，", "address", ADDRESS), ("我家住在广东省深圳市南山区科技园路1号", "address", "广东省深圳市南山区科技园路1号"),
        ("寄到 朝阳区幸福小区3号楼2单元501室 王收", "address", "朝阳区幸福小区3号楼2单元501室"),
        ("a.b+c@mail.example.com.cn", "other", "a.b+c@mail.example.com.cn"),
    ],
)  # fmt: skip
def test_what_should_perhaps_be_covered_is_found_where_it_stands(text: str, kind: str, what: str) -> None:
    assert [(text[start:end], found) for start, end, found in patterns.found(text)] == [(what, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021", "订单号202611280001", "6222020200112231", "12345678901", "213812345678", "2026-11-28", "合同第100号",
        "道路交通安全法第三条", "金额 13800.00 元",
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_not_suggested(text: str) -> None:
    assert patterns.found(text) == []


def test_a_long_line_of_nothing_is_read_at_once() -> None:
    assert patterns.found("市区县路街" * 4_000) == [] and patterns.found("1 " * 20_000) == []


def test_suggestions_stand_where_the_words_are() -> None:
    look = look_at(telling_paper())

    assert look is not None and len(look.ends) == 2 and look.wordless == []
    assert [area.kind for area in look.found] == ["address", "phone", "id_number", "card", "other"]
    tops = [area.y for area in look.found]
    assert tops == sorted(tops) and all(0.1 < area.x < 0.3 and 0.1 < area.y < 0.3 for area in look.found)
    with Image.open(io.BytesIO(look.images[look.ends[0] : look.ends[1]])) as picture:
        first = look.found[0]
        box = (first.x, first.y, first.x + first.width, first.y + first.height)
        part = picture.convert("L").crop(tuple(int(n * side) for n, side in zip(box, picture.size * 2, strict=True)))
    assert part.getextrema()[0] < 100, "there are letters"


def test_a_turned_page_is_covered_where_it_is_seen() -> None:
    with pikepdf.open(io.BytesIO(telling_paper())) as turned:
        turned.pages[0].Rotate = 90
        out = io.BytesIO()
        turned.save(out)
    look = look_at(out.getvalue())

    assert look is not None and all(area.x > 0.7 and area.height > area.width for area in look.found)
    assert words_of_pdf(covered(out.getvalue(), look.found)).outcome == "empty"


def test_nothing_is_left_under_what_was_covered() -> None:
    paper = telling_paper()
    look = look_at(paper)
    assert look is not None
    copy = covered(paper, look.found)

    assert all(word in words_of_pdf(paper).text for word in TELLING), "the paper tells"
    assert words_of_pdf(copy).outcome == "empty" and trouble_of(copy, look.found) == "clean"
    with pikepdf.open(io.BytesIO(copy)) as made:
        assert not made.docinfo and set(made.Root.keys()) <= {"/Type", "/Pages"}
        assert [str(image.Filter) for image in made.pages[0].obj.Resources.XObject.values()] == ["/DCTDecode"]
    assert look_at(copy).found == []  # type: ignore[union-attr]
    assert covered(paper, look.found) == copy, "the same areas give the same bytes"


def test_pages_without_areas_keep_their_words_and_lose_what_is_of_others() -> None:
    secret = Image.effect_noise((64, 64), 90).convert("RGB")
    raw = secret.tobytes()
    with pikepdf.open(io.BytesIO(telling_paper())) as paper:
        image = pikepdf.Stream(paper, raw, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=64, Height=64,
                               ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8)  # fmt: skip
        paper.pages.append(paper.pages[0])
        shared = paper.pages[0].obj.Resources
        shared.XObject = pikepdf.Dictionary(Secret=paper.make_indirect(image))
        paper.pages[0].contents_add(b"q 200 0 0 200 100 100 cm /Secret Do Q")
        paper.pages[1].obj.Resources = shared
        out = io.BytesIO()
        paper.save(out, compress_streams=False)
    assert raw in out.getvalue()

    copy = covered(out.getvalue(), [Area(1, 0, 0, 1, 1, "other")])

    assert raw not in copy and PHONE in words_of_pdf(copy).text
    with pikepdf.open(io.BytesIO(copy)) as made:
        assert (
            len(made.pages) == 2
            and not made.pages[1].obj.Resources.get("/XObject")
            and "/F1" in made.pages[1].obj.Resources.Font
        )


def test_a_photo_of_a_telephone_says_nothing_of_where_it_was_taken() -> None:
    pages = pages_of(samples.photo(), kinds.JPEG).pages
    copy = covered(pages, [HALF])

    assert samples.CAMERA.encode() in samples.photo()
    assert samples.CAMERA.encode() not in copy and b"Exif" not in copy
    look = look_at(pages)
    assert look is not None and look.wordless == [1] and look.found == []


def test_a_copy_that_gives_something_away_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    paper, area = telling_paper(), Area(1, 0.12, 0.1, 0.6, 0.2, "phone")
    image = pages_of(samples.photo(), kinds.JPEG).pages

    assert trouble_of(paper, [area]) == "words"
    assert trouble_of(image, [HALF]) == "visible"
    assert trouble_of(image, [HALF._replace(page=2)]) == "pages"
    assert trouble_of(b"nothing", [HALF]) == "failed"
    with pytest.raises(NotCovered, match=r"copy\.failed"):
        covered(paper, [area._replace(page=3)])
    real = covers._asked
    monkeypatch.setattr(
        covers,
        "_asked",
        lambda task, *given: ({"outcome": "covered"}, paper) if task == "cover" else real(task, *given),
    )
    with pytest.raises(NotCovered, match=r"copy\.words"):
        covered(paper, [area])


def test_what_cannot_be_drawn_says_so() -> None:
    assert look_at(b"%PDF-1.7 nothing") is None
    assert look_at(pdfs.locked()) is None


def test_a_font_that_is_not_in_the_file_is_ours_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another face of ours gives other letters: those of the system are not asked."""
    regular, bold = pdf.face("regular"), pdf.face("bold")
    drawn = []
    for face in (regular, bold, regular):
        monkeypatch.setattr(pdf, "face", lambda name, face=face: face)
        look = look_at(telling_paper())
        assert look is not None
        drawn.append(look.images)
    assert drawn[0] == drawn[2] != drawn[1]


ATTEMPTS = """
import json, socket, subprocess, sys, ctypes
sys.path.append({root!r})
from jike.files.covering import library
from jike.files.looking import confines
library.load(open({face!r}, "rb").read())
confines.confine(memory_bytes=2 * 1024**3, cpu_seconds=60)
tried = {{}}
def attempt(name, work):
    try:
        work()
    except OSError as error:
        tried[name] = type(error).__name__
    else:
        tried[name] = "done"
attempt("network", lambda: socket.socket().connect(("127.0.0.1", 1)))
attempt("program", lambda: subprocess.run(["/bin/true"]))
attempt("library", lambda: ctypes.CDLL(None))
attempt("secrets", lambda: open("/etc/passwd").read())
attempt("drawing", lambda: library.drawn(library.opened(sys.stdin.buffer.read())[0], 50))
print(json.dumps(tried))
"""


def test_the_child_draws_and_may_do_nothing_else(tmp_path: Path) -> None:
    face = tmp_path / "face.otf"
    face.write_bytes(pdf.face("regular"))
    program = tmp_path / "attempts.py"
    program.write_text(ATTEMPTS.format(root=str(Path(covers.__file__).parents[2]), face=str(face)))
    done = subprocess.run(
        [sys.executable, "-I", str(program)], input=telling_paper(), capture_output=True, check=True, timeout=60
    )

    refused = dict.fromkeys(("network", "program", "library", "secrets"), "PermissionError")
    assert json.loads(done.stdout) == refused | {"drawing": "done"}
