"""Files as honest people send them, made here, each with what must be found in it."""

from __future__ import annotations

import io
import struct
from email.message import EmailMessage

from PIL import Image

from jike.files import kinds
from tests.attachments import hostile, pdfs
from tests.attachments.samples import photo, zipped


def tiff(pages: int = 3) -> bytes:
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")[:pages]]
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    return out.getvalue()


def picture(kind: str, *, turn: int = 1, size: tuple[int, int] = (60, 40)) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turn
    Image.new("RGB", size, "teal").save(out, kind, **({"exif": exif} if kind != "BMP" else {}))
    return out.getvalue()


def paper(pages: int = 2, *, turn: int = 0, size: tuple[int, int] = (595, 842)) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d/Resources<<>>>>" % (*size, turn)
    return pdfs.written([pdfs.HEAD[0], b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages), *[page] * pages])


def form_that_adds_up() -> bytes:
    script = b'<</S/JavaScript/JS(AFNumber_Format\\(2, 0, 0, 0, "", true\\);)>>'
    page = pdfs.page(b"BT ET")
    return pdfs.written([*page, b"<</Type/Annot/Subtype/Widget/AA<</F %s>>>>" % script])


def ofd(pages: int = 2) -> bytes:
    space = b'xmlns:ofd="http://www.ofdspec.org/2016"'
    root = b"<ofd:OFD %s><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>" % space
    listed = b"".join(b'<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>' % (n, n) for n in range(pages))
    document = b"<ofd:Document %s><ofd:Pages>%s</ofd:Pages></ofd:Document>" % (space, listed)
    return zipped(**{"OFD.xml": root, "Doc_0/Document.xml": document})


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.cn", "b@example.cn", "退款申请"
    message["Message-ID"] = "<1@example.cn>"
    message.set_content("请退款。")
    message.add_attachment(photo(), maintype="image", subtype="jpeg", filename="收据（一）.jpg")
    return message.as_bytes()


def wav(seconds: int = 2) -> bytes:
    size = 16_000 * seconds
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16) + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", len(head) + size) + head + bytes(size)


def amr(seconds: int = 3) -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50 * seconds


def mp3(frames: int = 100) -> bytes:
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def aac(frames: int = 50) -> bytes:
    size = 200
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC])
    return (head + bytes(size - 7)) * frames


def mp4(seconds: int = 90, *, track: bytes = b"vide", brand: bytes = b"mp42", is_index_last: bool = True) -> bytes:
    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + name + body

    head = box(b"mvhd", bytes(12) + struct.pack(">II", 1_000, seconds * 1_000) + bytes(80))
    index = box(b"moov", head + box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + track + bytes(13)))))
    data = box(b"mdat", bytes(5_000))
    return box(b"ftyp", brand + bytes(4)) + (data + index if is_index_last else index + data)


# content, what its name ends in, what it is, and some of what is found in it
GOOD = {
    "photo of a telephone": (photo(), "jpg", kinds.JPEG, {"width": 640, "height": 480, "orientation": 6, "has_place": True}),
    "HEIC": (photo("HEIF"), "heic", kinds.HEIC, {"width": 480, "height": 640, "orientation": 1}),
    "WebP under another name": (photo("WEBP"), "jpg", kinds.WEBP, {"width": 640}),
    "scan of three pages": (tiff(), "tif", kinds.TIFF, {"pages": 3, "width": 60}),
    "GIF": (picture("GIF"), "gif", kinds.GIF, {"width": 60}),
    "BMP": (picture("BMP"), "bmp", kinds.BMP, {"width": 60}),
    "chat as one long screenshot": (picture("PNG", size=(300, 30_000)), "png", kinds.PNG, {"height": 30_000}),
    "half a photo": (photo(size=(900, 900))[:-300], "jpg", kinds.JPEG, {"is_cut": True}),
    "PDF": (paper(), "pdf", kinds.PDF, {"pages": 2, "rotation": 0, "is_repaired": False}),
    "rotated PDF of an odd size": (paper(3, turn=270, size=(250, 1_800)), "pdf", kinds.PDF, {"pages": 3, "rotation": 270, "width_pt": 250.0}),
    "PDF protected against changes": (hostile.pdf_locked(user=""), "pdf", kinds.PDF, {"is_locked_for_changes": True, "pages": 1}),
    "PDF that lost its table": (paper().replace(b"xref", b"xxxx"), "pdf", kinds.PDF, {"is_repaired": True, "pages": 2}),
    "PDF after a printer's ticket": (b"\x1b%-12345X@PJL JOB\r\n" + paper(1), "pdf", kinds.PDF, {"pages": 1}),
    "PDF form that adds up": (form_that_adds_up(), "pdf", kinds.PDF, {"pages": 1}),
    "invoice with its data inside": (hostile.pdf_with_file("a.xml", b"<?xml version='1.0'?><a/>"), "pdf", kinds.PDF, {"parts": 1}),
    "Word": (hostile.office(), "docx", kinds.DOCX, {}),
    "Word with a link to click on": (hostile.office(word___rels__document_dot_xml_dot_rels=hostile.RELATION % b"hyperlink"), "docx", kinds.DOCX, {}),
    "OFD": (ofd(), "ofd", kinds.OFD, {"pages": 2}),
    "e-mail": (mail(), "eml", kinds.EML, {"parts": 2}),
    "chat in GBK": ("小王 10:00\n钱什么时候退？\n".encode("gb18030"), "txt", kinds.TEXT, {"encoding": "gb18030", "lines": 2}),
    "table as text": ("日期,金额\n2026-09-01,100\n".encode("utf-8-sig"), "csv", kinds.TEXT, {"encoding": "utf-8-sig"}),
    "chat as a page": ("<html><body><p>钱什么时候退？</p></body></html>".encode(), "html", kinds.HTML, {"lines": 1}),
    "archive": (zipped("合同.txt", content="合同".encode()), "zip", kinds.ZIP, {"parts": 1}),
    "WAV": (wav(), "wav", kinds.WAV, {"seconds": 2.0}),
    "AMR": (amr(), "amr", kinds.AMR, {"seconds": 3.0}),
    "MP3": (mp3(), "mp3", kinds.MP3, {"seconds": 2.6}),
    "AAC": (aac(), "aac", kinds.AAC, {"seconds": 1.2}),
    "voice message": (b"\x02#!SILK_V3" + b"\x0a\0" * 1 + bytes(10) + b"\xff\xff", "silk", kinds.SILK, {"seconds": 0.0}),
    "film": (mp4(), "mp4", kinds.MP4, {"seconds": 90.0, "has_video": True}),
    "film of an Apple telephone": (mp4(brand=b"qt  "), "mov", kinds.QUICKTIME, {"seconds": 90.0}),
    "sound in a film's container": (mp4(track=b"soun", is_index_last=False), "m4a", kinds.MP4_SOUND, {"seconds": 90.0, "has_sound": True}),
    "film cut off": (mp4(is_index_last=False)[:-1_000], "mp4", kinds.MP4, {"is_cut": True, "seconds": 90.0}),
}  # fmt: skip
