"""What may be handed in, and if not, why, in words a worried person understands."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.attachments import verdicts
from cases.attachments.models import Attachment, Examination
from jike.base.errors import Blocker
from jike.files.kinds import TAKEN, kind_of
from jike.files.receiving import Received

MERCHANT = "merchant"
MOST_FILES = 40
MOST_BYTES = 2 * 1024 * 1024 * 1024
MOST_OF_MERCHANT = 20
MOST_BYTES_OF_MERCHANT = 100 * 1024 * 1024


def blockers_to_receive(upload: Received, subject: UUID, *, of_merchant: bool = False) -> list[Blocker]:
    """Why this upload is not taken. Judged before anything is stored."""
    if upload.is_left_out:
        return [_why("paper.left_out", _("Too much at once: this one was not taken. Please send it again by itself."))]
    if upload.is_too_large:
        return [
            _why("paper.too_large", _("Larger than 20 MB. Please take the photo again, or send the file in parts."))
        ]
    if not upload.content:
        return [_why("paper.empty", _("The file is empty. Please choose it again."))]
    kind = kind_of(upload.content)
    if kind in verdicts.AT_THE_DOOR:
        return [_why(*verdicts.AT_THE_DOOR[kind])]
    if kind not in TAKEN:
        return [_why("paper.kind_unknown", verdicts.KIND_UNKNOWN)]
    return blockers_by_count(subject, of_merchant=of_merchant)


def blockers_by_count(subject: UUID, *, of_merchant: bool = False) -> list[Blocker]:
    """Enough is enough: what is not usable does not count. A merchant has a room of its own. Source: house intake."""
    held = Attachment.objects.filter(subject=subject).exclude(examination__verdict=Examination.Verdict.REFUSED)
    held = held.filter(added_by_kind=MERCHANT) if of_merchant else held.exclude(added_by_kind=MERCHANT)
    most, most_bytes = (MOST_OF_MERCHANT, MOST_BYTES_OF_MERCHANT) if of_merchant else (MOST_FILES, MOST_BYTES)
    together = held.aggregate(bytes=Sum("file__size"))["bytes"] or 0
    if held.count() < most and together < most_bytes:
        return []
    return [
        _why(
            "paper.too_many",
            format_lazy(
                _("{limit} files are here already. If you have more, say so in your message; we ask for them."),
                limit=most,
            ),
        )
    ]


def _why(code: str, message: object) -> Blocker:
    return Blocker(code, message, field="papers")  # type: ignore[arg-type]
