"""The state of a mediation in plain words, as each side reads it: what happened, and who does what by when and what if not."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.mediation.models import Mediation
from cases.mediation.rules.inviting import answer_clock
from cases.mediation.states import Side, State
from jike.base.dates import CST
from jike.base.errors import Text

CONSUMER, MERCHANT = Side.CONSUMER.value, Side.MERCHANT.value

CONSUMER_WORDS: dict[str, Text] = {
    State.PROPOSED: pgettext_lazy("mediation for consumers", "Waiting for your consent"),
    State.CONSENTED: pgettext_lazy("mediation for consumers", "You agreed; the merchant is being invited"),
    State.INVITED: pgettext_lazy("mediation for consumers", "Waiting for the merchant"),
    State.NEGOTIATING: pgettext_lazy("mediation for consumers", "Negotiating"),
    State.AGREED: pgettext_lazy("mediation for consumers", "Agreement reached"),
    State.PERFORMING: pgettext_lazy("mediation for consumers", "The merchant is performing"),
    State.PERFORMED: pgettext_lazy("mediation for consumers", "Performed"),
    State.FAILED: pgettext_lazy("mediation for consumers", "No agreement"),
    State.REFUSED: pgettext_lazy("mediation for consumers", "Refused"),
    State.WITHDRAWN: pgettext_lazy("mediation for consumers", "You left it"),
    State.BREACHED: pgettext_lazy("mediation for consumers", "Agreement broken"),
}

MATTERS: dict[str, Text] = {
    "complaint": pgettext_lazy("matter of a mediation", "complaint"),
    "refund": pgettext_lazy("matter of a mediation", "return of the loan"),
}

_HAPPENED: dict[str, dict[str, Text]] = {
    CONSUMER: {
        State.PROPOSED: _("We propose to settle your matter with the merchant."),
        State.CONSENTED: _("You agreed to it."),
        State.INVITED: _("The merchant has been asked."),
        State.NEGOTIATING: _("The merchant takes part."),
        State.AGREED: _("You and the merchant have an agreement."),
        State.PERFORMING: _("You and the merchant have an agreement."),
        State.PERFORMED: _("Everything that was agreed has been done."),
        State.FAILED: _("There is no agreement."),
        State.REFUSED: _("It was refused, so it has ended."),
        State.WITHDRAWN: _("You left it, so it has ended."),
        State.BREACHED: _("The merchant did not keep the agreement."),
    },
    MERCHANT: {
        State.INVITED: _("A consumer has a claim against you."),
        State.NEGOTIATING: _("You take part."),
        State.AGREED: _("You and the consumer have an agreement."),
        State.PERFORMING: _("You and the consumer have an agreement."),
        State.PERFORMED: _("Everything that was agreed has been done."),
        State.BREACHED: _("The agreement was not kept."),
    },
}

_NEXT: dict[str, dict[str, Text]] = {
    CONSUMER: {
        State.PROPOSED: _(
            "Say whether you want to take part. It is free, and you can leave it at any time. Nobody is invited before you agree."
        ),
        State.CONSENTED: _("We invite the merchant. You hear from us when it has answered."),
        State.INVITED: _("The merchant answers by {due}. Silence ends the attempt; your {matter} goes on as before."),
        State.AGREED: _("The days of performance run. Each promise is listed below; confirm what you have received."),
        State.PERFORMING: _("The merchant does what was agreed. Confirm each promise below once you have received it."),
        State.PERFORMED: _("Nothing more is to be done here."),
        State.FAILED: _(
            "Your {matter} goes on. You may also apply for arbitration, go to court or turn to an authority."
        ),
        State.REFUSED: _(
            "Your {matter} goes on. You may also apply for arbitration, go to court or turn to an authority."
        ),
        State.WITHDRAWN: _("Your {matter} goes on, and all your rights stay as they are."),
        State.BREACHED: _("The agreement binds both. You can sue on it; we help you with the papers."),
    },
    MERCHANT: {
        State.INVITED: _(
            "Read what it is about, answer the facts and say by {due} whether you take part. Silence counts as no agreement."
        ),
        State.AGREED: _("The days of performance run. Report each promise below once it is kept."),
        State.PERFORMING: _(
            "Do what was agreed and report each promise below once it is kept; the consumer confirms it."
        ),
        State.PERFORMED: _("Nothing more is to be done here."),
        State.BREACHED: _("A promise was not kept in time. The consumer may go to court with the agreement."),
    },
}
_WAITS_FOR_BODY = _("The merchant agreed. The outside body has to accept before anything is offered.")


def happened(case: Mediation, side: str) -> Text:
    return _HAPPENED[side].get(case.state, case.state_label)


def next_for(case: Mediation, side: str) -> Text:
    """The sentence for one side, with the last moment where there is one."""
    if case.state == State.NEGOTIATING:
        return _in_talks(case, side)
    if case.state == State.INVITED and case.merchant_agreed_at:
        return _WAITS_FOR_BODY
    clock = answer_clock(case) if case.state == State.INVITED else None
    due = _moment(clock.due_at) if clock and clock.due_at else "—"
    return format_lazy(_NEXT[side].get(case.state, ""), due=due, matter=matter_of(case))


def matter_of(case: Mediation) -> Text:
    """What this came from, in a sentence: a complaint, or the return of a loan."""
    return MATTERS.get(case.origin.kind, _("matter"))


def next_for_consumer(case: Mediation) -> Text:
    return next_for(case, CONSUMER)


def _in_talks(case: Mediation, side: str) -> Text:
    if case.known_agreement:
        if side in case.signed_by:
            return _("You have signed. The agreement binds once the other side has signed too.")
        return _("Read the agreement and sign it with a code to your phone. Until both have signed, it binds nobody.")
    if case.accepted_offer:
        return _("An offer was accepted. We put it into words; then both read and sign it. Until then it binds nobody.")
    if standing := case.standing_offer:
        until = _moment(standing.expires_at)
        mine = _("Your offer waits for an answer until {until}. Unanswered it lapses, and you may offer anew.")
        theirs = _("An offer waits for your answer until {until}. Unanswered it lapses: silence is no yes.")
        return format_lazy(mine if standing.side == side else theirs, until=until)
    return _("Either side may make an offer now. Nothing binds before both have signed.")


def _moment(at: datetime) -> str:
    return date_format(at.astimezone(CST), "DATETIME_FORMAT")
