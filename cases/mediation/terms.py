"""What an offer promises, typed: the faults of a set of terms, how two offers differ, and what one means for the consumer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jike.base.errors import Blocker, Text
from jike.base.money import CENT

NOTHING = Decimal("0.00")
LARGEST = Decimal("99999999.99")


class What(models.TextChoices):
    """A refund in several terms is paid in instalments."""

    REFUND = "refund", pgettext_lazy("term", "Refund")
    WAIVE = "waive", pgettext_lazy("term", "Fees waived")
    REDO = "redo", pgettext_lazy("term", "Service done again")
    APOLOGY = "apology", pgettext_lazy("term", "Apology")
    CREDIT = "credit", pgettext_lazy("term", "Credit record corrected")


MONEY = frozenset({What.REFUND.value, What.WAIVE.value})


@dataclass(frozen=True, slots=True)
class Term:
    """One thing the merchant does by the end of the Shanghai day `due_on`. `amount_cny` only where money is concerned."""

    what: str
    due_on: date
    amount_cny: Decimal | None = None

    @property
    def label(self) -> Text:
        return What(self.what).label


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a comparison: what the earlier and the later offer say of `what`, empty where one says nothing."""

    what: str
    label: Text
    before: str
    after: str


def total(terms: Iterable[Term], what: str) -> Decimal:
    return sum((term.amount_cny or NOTHING for term in terms if term.what == what), NOTHING)


def faults_of(terms: Sequence[Term], *, refund_cny: Decimal, today: date) -> list[Blocker]:
    """Why these terms cannot be offered; empty when they can. The instalments add up to `refund_cny`, to the cent."""
    if not terms:
        return [Blocker("terms.none", gettext_lazy("An offer says what is to be done, and by when."), field="terms")]
    found = []
    if any(term.what not in What.values for term in terms):
        found.append(Blocker("terms.unknown", gettext_lazy("An offer holds a term that is not known."), field="terms"))
    if any(not _fits(term) for term in terms):
        message = gettext_lazy("Each amount is more than nothing and exact to the cent; other terms have no amount.")
        found.append(Blocker("terms.amount", message, field="terms"))
    elif total(terms, What.REFUND) != refund_cny:
        message = gettext_lazy("The instalments do not add up to the refund.")
        found.append(Blocker("terms.sum", message, field="terms"))
    if any(term.due_on < today for term in terms):
        found.append(Blocker("terms.past", gettext_lazy("A day of performance lies in the past."), field="terms"))
    days = [term.due_on for term in terms if term.what == What.REFUND]
    if days != sorted(set(days)):
        message = gettext_lazy("Each instalment has a day of its own, in order of time.")
        found.append(Blocker("terms.order", message, field="terms"))
    others = [term.what for term in terms if term.what != What.REFUND]
    if len(others) > len(set(others)):
        message = gettext_lazy("Only a refund comes in instalments; everything else is promised once.")
        found.append(Blocker("terms.twice", message, field="terms"))
    return found


def _fits(term: Term) -> bool:
    if term.what not in MONEY:
        return term.amount_cny is None
    amount = term.amount_cny
    return amount is not None and NOTHING < amount <= LARGEST and amount == amount.quantize(CENT)


def differences(before: Sequence[Term], after: Sequence[Term]) -> list[Difference]:
    """What the later of two offers says otherwise, in a fixed order; nothing where they agree."""
    found = []
    for what in What:
        was, now = sentence_of(before, what), sentence_of(after, what)
        if was != now:
            found.append(Difference(what.value, what.label, was, now))
    return found


def effect_on_consumer(terms: Sequence[Term]) -> str:
    """One sentence: what the consumer has in the end if these terms are kept."""
    said = [sentence for what in What if (sentence := sentence_of(terms, what))]
    return _("If this is kept: %(what)s.") % {"what": _("; ").join(said)} if said else _("The consumer gets nothing.")


def sentence_of(terms: Sequence[Term], what: str) -> str:
    """What these terms say of one kind of term, as part of a sentence; empty when nothing."""
    of_it = [term for term in terms if term.what == what]
    if not of_it:
        return ""
    last = max(term.due_on for term in of_it)
    words: dict[str, Any] = {
        "cny": f"{total(of_it, what):,.2f}",
        "count": len(of_it),
        "first": date_format(min(term.due_on for term in of_it), "DATE_FORMAT"),
        "day": date_format(last, "DATE_FORMAT"),
    }
    if what == What.REFUND and len(of_it) > 1:
        return _("%(cny)s yuan come back in %(count)s instalments from %(first)s to %(day)s") % words
    return str(_SENTENCES[what]) % words


_SENTENCES: dict[str, Text] = {
    What.REFUND.value: gettext_lazy("%(cny)s yuan come back by %(day)s"),
    What.WAIVE.value: gettext_lazy("%(cny)s yuan of fees need not be paid, from %(day)s on"),
    What.REDO.value: gettext_lazy("the service is done again by %(day)s"),
    What.APOLOGY.value: gettext_lazy("the merchant apologises by %(day)s"),
    What.CREDIT.value: gettext_lazy("the correction of the credit record is asked for by %(day)s"),
}
