"""What the request to let a pack out says, as labelled lines: for the inbox and for the page of the vote."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.models import Approval
from cases.police.house_rules import house_rules
from jike.base.errors import Text

LINES: dict[str, Text] = {
    "recipient": _("Authority"),
    "basis": _("Legal basis"),
    "reference": _("Where the consent or the request is found"),
    "purpose": _("Purpose"),
    "document": _("Document code"),
    "sha256": _("SHA-256 of the document"),
}


def lines_of(approval: Approval) -> list[tuple[Text, str]]:
    """The request in clear, in the order of `LINES`."""
    asked = approvals.request_of(approval)
    return [(label, _shown(key, str(asked[key]))) for key, label in LINES.items() if key in asked]


def _shown(key: str, value: str) -> str:
    basis = house_rules().bases.get(value) if key == "basis" else None
    return basis.label if basis else value
