"""An offer as people type it: what is to be done, by when, and how long it stands."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.forms import day_field
from cases.mediation.models import Offer
from cases.mediation.terms import MONEY, NOTHING, Term, What, total
from cases.portal.fields import AmountField, LongText
from cases.portal.forms import PortalForm
from cases.rules import PART_LIMIT
from jike.base.dates import cst_date, end_of_day
from jike.base.errors import Text
from jike.base.money import CENT

MOST_INSTALMENTS = 24
STANDS = (3, 7, 15)
MONEY_INPUT = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
DAYS: tuple[tuple[str, Text], ...] = (
    (What.WAIVE, _("From which day on")),
    (What.REDO, _("Service done again by")),
    (What.APOLOGY, _("Apology by")),
    (What.CREDIT, _("Correction of the credit record asked for by")),
)


class OfferForm(PortalForm):
    """Each kind of term has its own lines; what is left empty is not offered. `key` makes a second click send nothing."""

    refund = AmountField(label=_("Refund in yuan"), required=False, widget=MONEY_INPUT)
    instalments = forms.IntegerField(
        label=_("Paid in how many instalments"),
        min_value=1,
        max_value=MOST_INSTALMENTS,
        initial=1,
        help_text=_("One a month from the first day on; the cents are in the last."),
    )
    refund_on = day_field(_("Day of the refund, or of the first instalment"), required=False)
    waive = AmountField(label=_("Fees waived in yuan"), required=False, widget=MONEY_INPUT)
    waive_on = day_field(DAYS[0][1], required=False)
    redo_on = day_field(DAYS[1][1], required=False)
    apology_on = day_field(DAYS[2][1], required=False)
    credit_on = day_field(DAYS[3][1], required=False)
    words = LongText(
        limit=PART_LIMIT,
        rows=3,
        label=_("In your own words"),
        required=False,
        help_text=_("The other side reads this."),
    )
    stands = forms.TypedChoiceField(
        label=_("The offer stands for"),
        coerce=int,
        initial=7,
        choices=[(days, format_lazy(_("{days} days"), days=days)) for days in STANDS],
        help_text=_("Unanswered by then, it lapses: silence is no yes."),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("refund") and not typed.get("refund_on") and "refund_on" not in self.errors:
            self.add_error("refund_on", _("Say by which day the money comes back."))
        if typed.get("waive") and not typed.get("waive_on") and "waive_on" not in self.errors:
            self.add_error("waive_on", _("Say from which day on the fees are waived."))
        for amount, day in (("refund", "refund_on"), ("waive", "waive_on")):
            if typed.get(day) and not typed.get(amount) and amount not in self.errors:
                self.add_error(amount, _("Say how much."))
        if not self.errors and not self.terms():
            raise ValidationError(_("An offer says what is to be done, and by when."))
        return typed

    def terms(self) -> list[Term]:
        """What was typed, as terms in their fixed order."""
        typed = self.cleaned_data
        found = instalments_of(typed.get("refund"), typed.get("instalments") or 1, typed.get("refund_on"))
        if typed.get("waive") and typed.get("waive_on"):
            found.append(Term(What.WAIVE.value, typed["waive_on"], typed["waive"]))
        for what in (What.REDO, What.APOLOGY, What.CREDIT):
            if day := typed.get(f"{what.value}_on"):
                found.append(Term(what.value, day))
        return found

    def inputs(self, *, now: datetime) -> dict[str, Any]:
        """The keywords of `make_offer`. The offer stands to the end of its last Shanghai day."""
        terms = self.terms()
        return {
            "terms": terms,
            "refund_cny": total(terms, What.REFUND),
            "expires_at": end_of_day(cst_date(now) + timedelta(days=self.cleaned_data["stands"])),
            "words": self.cleaned_data["words"],
        }


def instalments_of(amount: Decimal | None, count: int, first: date | None) -> list[Term]:
    """Equal parts, one a month from `first` on; what cannot be shared out evenly is in the last. Short months end earlier."""
    if not amount or first is None:
        return []
    part = (amount / count).quantize(CENT, rounding=ROUND_DOWN)
    parts = [part] * (count - 1) + [amount - part * (count - 1)]
    return [Term(What.REFUND.value, _months_after(first, n), cny) for n, cny in enumerate(parts)]


def _months_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def typed_of(offer: Offer) -> dict[str, Any]:
    """An offer as the form would hold it: a counter-offer begins with the other side's and changes what it must."""
    terms = offer.plain_terms
    refunds = [term for term in terms if term.what == What.REFUND]
    typed: dict[str, Any] = {"instalments": len(refunds) or 1}
    if refunds:
        typed |= {"refund": total(terms, What.REFUND), "refund_on": refunds[0].due_on}
    for term in terms:
        if term.what != What.REFUND:
            typed[f"{term.what}_on"] = term.due_on
            if term.what in MONEY:
                typed[term.what] = term.amount_cny or NOTHING
    return typed
