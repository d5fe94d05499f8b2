"""Files that mean no good, each small and made here. Nothing in them does anything."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

from tests.attachments import pdfs
from tests.attachments.samples import photo, zipped

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that declare billions of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def flat_png(side: int = 9_000) -> bytes:
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    return out.getvalue()


def zip_bomb(megabytes: int = 400) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("0.txt", "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(bytes(1024 * 1024))
    return out.getvalue()


def zip_that_lies() -> bytes:
    """Its directory says ten bytes where there are ten million."""
    whole = bytearray(zipped("a.txt", content=bytes(10_000_000)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = whole.find(mark)
        whole[place + at : place + at + 4] = struct.pack("<I", 10)
    return bytes(whole)


def zip_on_itself() -> bytes:
    """Two entries that are the same bytes, as bombs without end are built."""
    whole = zipped("a.txt", content=b"x" * 5_000)
    start, end = whole.find(b"PK\x01\x02"), whole.find(b"PK\x05\x06")
    entry = whole[start:end]
    tail = bytearray(whole[end:])
    tail[8:12] = struct.pack("<HH", 2, 2)
    tail[12:16] = struct.pack("<I", 2 * len(entry))
    return whole[:start] + entry + entry.replace(b"a.txt", b"b.txt") + bytes(tail)


def locked_zip() -> bytes:
    whole = bytearray(zipped("a.txt", content=b"secret"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.find(mark) + at] |= 1
    return bytes(whole)


def pdf_with(action: bytes, *, is_direct: bool = True, pages: bytes = b"") -> bytes:
    """A paper that does something when it is opened; the action stands in the catalogue or is an object of its own."""
    page = pdfs.page(b"BT ET")
    opened = action if is_direct else b"5 0 R"
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OpenAction %s>>" % opened
    return pdfs.written([catalogue, *page[1:], *([] if is_direct else [action])])


def pdf_locked(*, user: str, owner: str = "owner") -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def pdf_with_file(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments[name] = content
        pdf.save(out)
    return out.getvalue()


def office(*, content: bytes = b"<w:document/>", **parts: bytes) -> bytes:
    """A Word file with these parts besides; `__` in a name stands for a slash and `_dot_` for a point."""
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    head = {"[Content_Types].xml": b"<Types/>", "word/document.xml": content}
    return zipped(**(head | named))


RELATION = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="http://x.example/" TargetMode="External"/>'
    b"</Relationships>"
)
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "cc">]><Relationships>&b;</Relationships>'

REFUSED = {
    "picture that declares billions of pixels": (png_bomb(), "image/png", "picture.too_many_pixels"),
    "picture that unpacks to eighty million pixels": (flat_png(), "image/png", "picture.too_many_pixels"),
    "picture with nothing inside": (b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png", "picture.damaged"),
    "PDF bomb": (pdfs.bomb(), "application/pdf", "file.bomb"),
    "PDF without end": (pdfs.treadmill(), "application/pdf", "file.too_heavy"),
    "PDF that asks for a password": (pdf_locked(user="1234"), "application/pdf", "file.locked"),
    "PDF whose pages are themselves": (
        pdfs.HOSTILE["page tree that contains itself"],
        "application/pdf",
        "pdf.damaged",
    ),
    "PDF that is none": (pdfs.HOSTILE["not a PDF inside"], "application/pdf", "pdf.damaged"),
    "ZIP bomb": (zip_bomb(), "application/zip", "file.bomb"),
    "ZIP whose sizes lie": (zip_that_lies(), "application/zip", "file.bomb"),
    "ZIP whose entries lie on each other": (zip_on_itself(), "application/zip", "file.bomb"),
    "ZIP with a password": (locked_zip(), "application/zip", "file.locked"),
    "ZIP cut off": (zipped("a.txt", content=b"x" * 500)[:60], "application/zip", "archive.damaged"),
    "recording without sound": (b"ID3\x04\0\0\0\0\0\x0a" + bytes(5_000), "audio/mpeg", "recording.damaged"),
    "film without an index": (
        b"\0\0\0\x18ftypmp42" + bytes(12) + b"\0\0\1\0mdat" + bytes(248),
        "video/mp4",
        "recording.damaged",
    ),
}
HELD = {
    "script in the catalogue": (pdf_with(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"), "pdf", "pdf.script"),
    "script as an object": (pdf_with(b"<</S/JavaScript/JS(app.alert\\(1\\))>>", is_direct=False), "pdf", "pdf.script"),
    "script with an escaped name": (pdf_with(b"<</S/JavaScript/#4AS(app.alert\\(1\\))>>"), "pdf", "pdf.script"),
    "program that is launched": (pdf_with(b"<</S/Launch/F(cmd.exe)>>"), "pdf", "pdf.launch"),
    "form that sends itself": (pdf_with(b"<</S/SubmitForm/F(http://x.example)>>", is_direct=False), "pdf", "pdf.sends"),
    "address that is called": (pdf_with(b"<</S/URI/URI(http://x.example)>>"), "pdf", "pdf.sends"),
    "program in a PDF": (pdf_with_file("a.pdf", b"MZ\x90"), "pdf", "pdf.attachments"),
    "PDF behind a photo": (photo() + pdfs.scan(), "jpg", "content.two_kinds"),
    "archive behind a photo": (photo("PNG") + zipped("a.exe"), "png", "content.two_kinds"),
    "archive behind a PDF": (pdfs.scan() + zipped("a.exe"), "pdf", "content.two_kinds"),
    "page behind a PDF": (pdfs.scan() + b"<script>alert(1)</script>", "pdf", "content.two_kinds"),
    "macros": (office(word__vbaProject_dot_bin=b"x"), "docx", "office.macros"),
    "template from elsewhere": (office(word___rels__settings_dot_xml_dot_rels=RELATION % b"attachedTemplate"), "docx", "office.outside"),
    "command in a field": (office(content=b"<w:instrText>DDEAUTO cmd</w:instrText>"), "docx", "office.fields"),
    "entities": (office(word___rels__a_dot_rels=ENTITIES), "docx", "xml.entities"),
    "way out of the folder": (zipped("../../a.txt"), "zip", "archive.paths"),
    "program in an archive": (zipped("a.txt", content=b"MZ\x90"), "zip", "inside.program"),
    "archive in an archive": (zipped("a.zip", content=zipped("b.txt")), "zip", "archive.nested"),
    "page with a script": (b"<!doctype html><body onload=alert(1)>", "html", "web.acts"),
    "photo that calls itself a contract": (photo(), "pdf", "name.mismatch"),
    "photo that calls itself a program": (photo(), "exe", "name.program"),
    "text that calls itself a PDF": (b"%PPDF", "pdf", "name.mismatch"),
}  # fmt: skip
