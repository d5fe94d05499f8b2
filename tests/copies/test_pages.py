"""The pages of papers: everything one must see, nothing one must not, the same bytes each time."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from jike.files import kinds
from jike.files.pages import Paged, pages_of
from jike.files.texts import words_of_pdf
from tests.attachments import good, hostile


def sizes(paged: Paged) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(paged.pages)) as found:
        return [(round(page.mediabox[2]), round(page.mediabox[3])) for page in found.pages]


def drawn(width: int, height: int, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, form, **options)
    return out.getvalue()


def filled_in(value: str) -> bytes:
    """A form with one field, as a viewer leaves it behind."""
    made = pikepdf.open(io.BytesIO(good.paper(1)))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    look = made.make_stream(
        f"BT /F 12 Tf 2 5 Td ({value}) Tj ET".encode(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, 200, 20],
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)),
    )
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("day"), F=4,
        V=pikepdf.String(value), Rect=[50, 700, 250, 720], AP=pikepdf.Dictionary(N=look),
    )  # fmt: skip
    widget = made.make_indirect(field)
    made.pages[0].Annots = pikepdf.Array([widget])
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([widget]))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_stands_upright_on_a_sheet_of_its_shape(turn: int) -> None:
    found = pages_of(good.picture("JPEG", turn=turn, size=(600, 400)), kinds.JPEG)

    assert sizes(found) == [(842, 595) if turn < 5 else (595, 842)]


def test_a_photo_loses_where_and_with_what_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    found = pages_of(drawn(80, 60, "JPEG", exif=exif), kinds.JPEG)

    assert found.count == 1 and b"CANARY-CAMERA" not in found.pages and b"Exif" not in found.pages


def test_a_scan_has_all_its_pages_and_a_long_screenshot_is_cut() -> None:
    first, second = Image.new("L", (100, 140), 255), Image.new("L", (100, 140), 120)
    scan = io.BytesIO()
    first.save(scan, "TIFF", save_all=True, append_images=[second, first])

    assert pages_of(scan.getvalue(), kinds.TIFF).count == 3
    long = pages_of(drawn(300, 3_000), kinds.PNG)
    assert long.count == len(sizes(long)) == 9


def test_the_same_paper_gives_the_same_bytes() -> None:
    photo, form = drawn(300, 200, "JPEG"), hostile.pdf_with(b"/S/URI/URI(https://example.com)")

    assert pages_of(photo, kinds.JPEG) == pages_of(photo, kinds.JPEG)
    assert pages_of(form, kinds.PDF) == pages_of(form, kinds.PDF)


def test_a_pdf_keeps_its_pages_and_loses_what_acts_and_hides() -> None:
    paper = hostile.pdf_with(b"/S/JavaScript/JS(app.alert\\(1\\))")
    inner = pikepdf.open(io.BytesIO(paper))
    inner.attachments["secret.txt"] = b"CANARY-INSIDE"
    inner.docinfo["/Author"] = "CANARY-AUTHOR"
    out = io.BytesIO()
    inner.save(out)

    found = pages_of(out.getvalue(), kinds.PDF)

    assert found.count == len(inner.pages)
    with pikepdf.open(io.BytesIO(found.pages)) as kept:
        assert set(kept.Root.keys()) <= {"/Type", "/Pages"} and not kept.docinfo
        plain = b"".join(page.obj.unparse(resolved=True) for page in kept.pages)
    assert b"JavaScript" not in found.pages + plain and b"CANARY" not in found.pages


def test_a_field_that_was_filled_in_is_part_of_the_page() -> None:
    found = pages_of(filled_in("2026-11-28"), kinds.PDF)

    assert "2026-11-28" in words_of_pdf(found.pages).text


def test_mails_and_texts_come_as_words() -> None:
    mail = (
        b"From: =?utf-8?b?546L5bCP5piO?= <a@example.com>\r\nTo: b@example.com\r\nSubject: =?gbk?b?zcu/7g==?=\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=gbk\r\n\r\n"
        + "<style>x{}</style><p>请退款</p><script>alert(1)</script><img src='https://example.com/a.png'>谢谢".encode(
            "gbk"
        )
    )
    found = pages_of(mail, kinds.EML)

    assert dict(found.fields) == {"from": "王小明 <a@example.com>", "to": "b@example.com", "subject": "退款"}
    assert found.body == "请退款\n谢谢"
    assert pages_of("聊天记录\r\n第二行".encode("gb18030"), kinds.TEXT).body == "聊天记录\n第二行"


def test_what_has_no_pages_or_cannot_be_shown_says_so() -> None:
    assert pages_of(b"#!AMR\n" + bytes(100), kinds.AMR).outcome == "none"
    assert pages_of(b"\xff\xd8\xff" + bytes(100), kinds.JPEG).outcome == "failed"
    assert pages_of(hostile.pdf_locked(user="secret"), kinds.PDF).outcome == "failed"
