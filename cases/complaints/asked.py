"""What a request for a second person says, as labelled lines: for the inbox and for the page of the vote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.attachments.models import Attachment
from cases.bundles.profiles import PROFILES
from cases.clocks import rules
from cases.complaints import declines
from cases.inquiries.states import Nature
from cases.models import Approval
from jike.base.dates import CST
from jike.base.errors import Text
from jike.privacy import open_sealed


def _as_it_is(value: Any) -> str:
    return str(value)


def _day(value: Any) -> str:
    """A last day; a clock that stands still has none."""
    return datetime.fromisoformat(value).astimezone(CST).strftime("%Y-%m-%d") if value else "—"


def _moment(value: Any) -> str:
    return datetime.fromisoformat(value).astimezone(CST).strftime("%Y-%m-%d %H:%M")


def _paper(pk: Any) -> str:
    return str(open_sealed(Attachment.objects.get(pk=pk), "name"))


def _ground(code: Any) -> str:
    ground = declines.ground_named(code)
    return f"{ground.label}（{ground.source}）" if ground else str(code)


def _nature(code: Any) -> str:
    return str(Nature(code).label)


def _limit(code: Any) -> str:
    return rules.load().of(code)[-1].label


def _profile(code: Any) -> str:
    return str(PROFILES[code].label)


LINES: dict[str, tuple[Text, Callable[[Any], str]]] = {
    "ground": (_("Ground"), _ground),
    "opens": (_("Goes on as"), _nature),
    "explanation": (_("What it rests on here"), _as_it_is),
    "code": (_("Time limit"), _limit),
    "received": (_("New facts received"), _day),
    "old_received": (_("Received, as recorded until now"), _moment),
    "new_received": (_("Received, as it should be"), _moment),
    "old_due": (_("Last day until now"), _day),
    "new_due": (_("New last day"), _day),
    "reason": (_("Reason"), _as_it_is),
    "paper": (_("Paper of the case that shows it"), _paper),
    "profile": (_("Bundle for"), _profile),
    "document": (_("Document code"), _as_it_is),
    "sha256": (_("SHA-256 of the document"), _as_it_is),
    "recording": (_("Recorded call that shows it"), _as_it_is),
    "into": (_("Goes on in"), _as_it_is),
    "old_number": (_("Number until now"), _as_it_is),
    "new_number": (_("New number"), _as_it_is),
    "evidence": (_("How identity was checked"), _as_it_is),
    "remedies": (_("Remedies"), _as_it_is),
}


def lines_of(approval: Approval) -> list[tuple[Text, str]]:
    """The request in clear, in the order of `LINES`; ids and other inner facts have no line. Empty for a decision."""
    asked = approvals.request_of(approval)
    return [(label, show(asked[key])) for key, (label, show) in LINES.items() if key in asked]
