"""The one sentence at the head of a mediation: who does what next, and what silence means."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.mediation.models import Mediation
from cases.mediation.states import State
from jike.base.errors import Text

_SENTENCES: dict[str, Text] = {
    State.PROPOSED.value: _("The consumer says whether to take part. Nobody is invited before."),
    State.CONSENTED.value: _("The handler invites the merchant."),
    State.INVITED.value: _("The merchant answers. Silence after the limit ends the attempt without an agreement."),
    State.AGREED.value: _("The agreement binds; its days of performance run."),
    State.PERFORMING.value: _("The merchant does what was agreed; the consumer confirms each promise."),
    State.PERFORMED.value: _("Everything that was agreed has been done."),
    State.FAILED.value: _("There is no agreement; the case it came from goes on."),
    State.REFUSED.value: _("One side refused; the case it came from goes on."),
    State.WITHDRAWN.value: _("The consumer left it; the case it came from goes on."),
    State.BREACHED.value: _("The agreement was broken. Help the consumer to take it to court."),
}


def next_step(case: Mediation) -> Text:
    if case.state == State.INVITED and case.merchant_agreed_at:
        return _("The merchant agreed. The outside body has to accept before anything is offered.")
    if case.state != State.NEGOTIATING:
        return _SENTENCES[case.state]
    if case.known_agreement:
        return _("Both sides sign the agreement; an outside body then puts its seal.")
    if case.accepted_offer:
        return _("An offer was accepted. The handler drafts the agreement.")
    if case.standing_offer:
        return _("An offer waits for the other side's answer. Unanswered, it lapses.")
    return _("Either side makes an offer.")
