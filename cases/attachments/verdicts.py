"""Why a paper is not usable, or has to be seen by a person first: each code in words a worried person understands, with the remedy."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from jike.base.errors import Text
from jike.files import kinds

_DAMAGED = _(
    "The file is damaged and cannot be opened. Please send it again from where you got it, or photograph the pages."
)
_TOO_HEAVY = _(
    "The file is built so that opening it never ends. Please photograph the pages, or save it anew as a PDF."
)
_ACTS = _("It holds something that acts by itself when opened.")
_OUTSIDE = _("It fetches something from elsewhere when opened.")

AT_THE_DOOR: dict[str, tuple[str, Text]] = {
    kinds.PROGRAM: (
        "paper.program",
        _(
            "This is a program, not a paper. Please take a screenshot of what it shows, and write where you got it from."
        ),
    ),
    kinds.DRAWING: (
        "paper.drawing",
        _("Drawings of this kind (SVG) are not taken. Please send a screenshot of it, or a PDF."),
    ),
    kinds.PACKED: (
        "paper.packed",
        _(
            "Packed files of this kind (RAR, 7z …) are not taken, because nobody can look into them here. Please unpack it and send the files, or pack them as ZIP."
        ),
    ),
    kinds.PRINTER: (
        "paper.printer",
        _("Printer files (PS, EPS) are not taken. Please save it as a PDF or take a screenshot."),
    ),
}
KIND_UNKNOWN = _(
    "We do not know this kind of file. Please take a photo or a screenshot of it, or save it as a picture or PDF."
)

REFUSALS: dict[str, Text] = {
    "file.locked": _(
        "It asks for a password. Please save it without the password and send it again, or photograph the pages."
    ),
    "file.damaged": _DAMAGED,
    "file.too_heavy": _TOO_HEAVY,
    "file.bomb": _("It unpacks to an enormous size and is not opened. Please send the papers in it one by one."),
    "file.unsafe": _TOO_HEAVY,
    "file.unknown": KIND_UNKNOWN,
    "picture.damaged": _(
        "The picture is damaged and cannot be shown. Please take it again, or send a screenshot of it."
    ),
    "picture.too_many_pixels": _(
        "The picture is too large to be shown. Please send a screenshot of it, or take it again with fewer pixels."
    ),
    "picture.too_many_frames": _("There are too many pictures in one file. Please send them one by one, or as a PDF."),
    "pdf.damaged": _(
        "The PDF is damaged and cannot be opened. Please save or print it anew as a PDF, or photograph the pages."
    ),
    "document.too_many_pages": _("It has more than 500 pages. Please send it in parts."),
    "office.damaged": _("The document is damaged and cannot be opened. Please save it anew, best as a PDF."),
    "office.unknown": _("We cannot tell what kind of document this is. Please save it as a PDF and send that."),
    "recording.damaged": _(
        "The recording is damaged and cannot be played. Please send it again from the telephone that made it."
    ),
    "archive.damaged": _("The packed file is damaged. Please pack it anew, or send the files one by one."),
    "archive.empty": _("There is nothing in the packed file. Please choose it again."),
    "archive.too_many": _("There are too many files in it. Please send only those that matter, one by one."),
}

CONCERNS: dict[str, Text] = {
    "virus.found": _("The virus scanner found something in it. Please do not open it yourself."),
    "virus.unscanned": _("It is too large for the virus scanner."),
    "name.program": _("Its name is that of a program."),
    "name.mismatch": _("It is not what its name says."),
    "content.two_kinds": _("It is two kinds of file in one."),
    "inside.program": _("There is a program in it."),
    "archive.nested": _("There is a packed file within the packed file."),
    "archive.paths": _("Names in it lead out of their folder."),
    "archive.twice": _("There are two files of one name in it."),
    "pdf.script": _ACTS,
    "pdf.launch": _ACTS,
    "pdf.sends": _OUTSIDE,
    "pdf.media": _ACTS,
    "pdf.form_program": _ACTS,
    "pdf.attachments": _("There are other files in the PDF."),
    "office.macros": _ACTS,
    "office.controls": _ACTS,
    "office.fields": _OUTSIDE,
    "office.outside": _OUTSIDE,
    "office.packages": _("There are other files in the document."),
    "web.acts": _ACTS,
    "xml.entities": _OUTSIDE,
}


UPLOADS: dict[str, Text] = {
    "upload.checksum": _("The file arrived damaged. Please send it again."),
    "upload.abandoned": _("Nothing came for a day, so it was given up. Please send it again."),
    "upload.dropped": _("The upload was given up."),
    "upload.gone": _("What it was meant for is no longer there."),
    "paper.kind_unknown": KIND_UNKNOWN,
} | dict(AT_THE_DOOR.values())


def words_for_code(code: str) -> Text:
    """Why an upload ended without a paper."""
    return UPLOADS.get(code, _("It could not be added to the case any more. Please write to us."))


def words_for(codes: Iterable[str]) -> list[Text]:
    """The sentences for these codes, each once; a code of a newer worker is told as damage."""
    return list(dict.fromkeys(REFUSALS.get(code) or CONCERNS.get(code) or _DAMAGED for code in codes))
