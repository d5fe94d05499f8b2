"""The one sentence at the head of a return: who does what next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jike.base.errors import Text
from refunds.models import Refund
from refunds.rules.judging import is_free
from refunds.states import State

_SENTENCES: dict[str, Text] = {
    State.REQUESTED.value: _("Collection and debits are stopped; the check begins by itself."),
    State.SCREENING.value: _("The facts are being checked."),
    State.REFUSED.value: _("The consumer may contest this with one tap; goodwill needs a second person."),
    State.HELD.value: _("Whoever works against fraud looks at it; then one person proposes and a second one decides."),
    State.GOODWILL.value: _("Granted; the money is sent on its way back by itself."),
    State.REVERSING.value: _("The orders are on their way; each leg is confirmed by the core lending system."),
    State.STUCK.value: _("An order failed or is not answered. Have it asked after, or order again what failed."),
    State.CORRECTING.value: _("All money is confirmed. The credit record is being corrected."),
    State.COMPLETED.value: _("Everything is back where it came from; the consumer paid nothing."),
}


def next_step(case: Refund) -> Text:
    if case.state == State.ELIGIBLE:
        if is_free(case):
            return _("The money is sent on its way back by itself.")
        return _("One person proposes, a second one decides: this return is not decided by a program.")
    if case.state == State.DISPUTED:
        if case.merchant_asked_at and not case.merchant_answered_at:
            return _("The merchant answers within 48 hours; silence counts as not served where the terms say so.")
        if not case.merchant_answered_at and case.screening and _is_unheard(case):
            return _("Ask the merchant whether it served.")
        return _("The two sides look for an agreement in mediation; then one person proposes and a second one decides.")
    return _SENTENCES[case.state]


def _is_unheard(case: Refund) -> bool:
    assert case.screening is not None
    return {reason["code"] for reason in case.screening.reasons} == {"service.unknown"}
