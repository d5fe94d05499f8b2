"""The scopes of cases: reading by kind, the words of people as a level of their own, and one scope per verb."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.attachments.adding import ATTACH
from cases.kinds import all_kinds
from jike.api.scopes import Scope, offer
from jike.verbs import all_verbs

VERIFY = "ledger.verify"
READ, WORDS = "cases.read", "cases.words"
SIGHT = frozenset({"cases.list", "cases.read_unit", "cases.read_masked_all"})


def read_scopes() -> tuple[str, ...]:
    """The scopes any one of which opens the lists."""
    return (READ, *(f"{kind.area}.{word}" for kind in all_kinds() for word in ("read", "*")))


@offer
def _of_cases() -> list[Scope]:
    found = [
        Scope(READ, _("Read cases of every kind"), SIGHT),
        Scope(WORDS, _("Also read what people wrote and their names")),
        Scope("merchants.read", _("Read merchants")),
        Scope("calendar.read", _("Read the calendar")),
        Scope("ledger.read", _("Read seals and proofs"), SIGHT | {VERIFY}),
    ]
    for kind in all_kinds():
        area = kind.area
        verbs = [v for v in all_verbs() if v.model is kind.model and (v.by_hand or v.short_name == ATTACH)]
        found += [
            Scope(f"{area}.read", format_lazy(_("Read cases of one kind: {kind}"), kind=kind.label), SIGHT),
            Scope(
                f"{area}.*",
                format_lazy(_("Read and do everything: {kind}"), kind=kind.label),
                SIGHT | {v.name for v in verbs},
            ),
            *(Scope(v.name, v.label, frozenset({v.name})) for v in verbs),
        ]
    return found
