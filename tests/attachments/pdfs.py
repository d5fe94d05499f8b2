"""PDF as banks and telephones make them, and as nobody means well with them. Written by hand, so that each has just what it needs."""

from __future__ import annotations

import zlib

HEAD = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
FONT = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor"
    b"/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>"
)


def written(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(out))
    return out + head + table + end


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n" % (len(data), more) + data + b"\nendstream"


def page(content: bytes, *, resources: bytes = b"", filters: bytes = b"") -> list[bytes]:
    return [
        *HEAD,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents 4 0 R>>" % resources,
        stream(content, filters),
    ]


def chinese(text: str, *, cmap: str = "UniGB-UTF16-H", encoding: str = "utf-16-be") -> bytes:
    """One page of `text` in a font that is not in the file, as the forms of banks have it; each line of `text` is one line."""
    lines = b"".join(b"<%s> Tj 0 -16 Td " % line.encode(encoding).hex().encode() for line in text.splitlines())
    font = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/%s/DescendantFonts[6 0 R]>>" % cmap.encode()
    objects = page(b"BT /F1 12 Tf 72 700 Td " + lines + b"ET", resources=b"/Font<</F1 5 0 R>>")
    return written([*objects, font, FONT])


def scan() -> bytes:
    return written(page(b"0 0 595 842 re f"))


def locked() -> bytes:
    """A file that asks for a password nobody gave."""
    lock = b"/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>"
    return written(page(b"BT ET"), lock % (b"41" * 32, b"42" * 32))


def bomb(megabytes: int = 1024) -> bytes:
    """A few kilobytes that unpack twice to a gigabyte. Built piece by piece: the test must not hold what the reader must not."""
    once = zlib.compressobj(9)
    packed = b"".join(once.compress(b"0 " * (512 * 1024)) for _ in range(megabytes)) + once.flush()
    return written(page(zlib.compress(packed, 9), filters=b"/Filter[/FlateDecode/FlateDecode]"))


def treadmill() -> bytes:
    """A page of ten million drawing steps that draw nothing: harmless in memory, endless in time."""
    return written(page(zlib.compress(b"q Q " * (10 * 1024 * 1024), 9), filters=b"/Filter/FlateDecode"))


HOSTILE = {
    "page tree that contains itself": written([HEAD[0], b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>"]),
    "not a PDF inside": b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "cut off": chinese("退款")[:300],
    "table of another file": b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF",
}
