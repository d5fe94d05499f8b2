"""What stands beside the timeline of a mediation: the talks, the facts asked, the agreement, what was kept of it, the merchant's link.

No amount stands here: offers are without prejudice and have a page of their own.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.mediation.merchant.people import colleagues
from cases.mediation.models import Fact, LongerPeriod, Mediation
from cases.mediation.rules.inviting import latest_link
from cases.mediation.states import ON_THE_WAY, OTHER, Side, State
from cases.mediation.talks import pages, shown
from cases.models import Event
from cases.panels import Item, Panel
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.web.pages import short_date

TONES = {Fact.Answer.YES: "good", Fact.Answer.NO: "bad", Fact.Answer.UNKNOWN: "warn"}
KEPT: dict[str, tuple[Text, str]] = {
    "confirmed": (_("received"), "good"),
    "reported": (_("reported as done"), "warn"),
    "missed": (_("not kept"), "bad"),
    "open": (_("to be done"), ""),
}


def panels_of(case: Mediation, events: list[Event], *, now: datetime) -> list[Panel]:
    """The panels that have something in them, in the order in which a mediation goes."""
    found = (
        talks_panel(case, now=now),
        kept_panel(case, now=now),
        longer_panel(case),
        agreement_panel(case),
        facts_panel(case),
        sessions_panel(case),
        link_panel(case, now=now),
    )
    return [panel for panel in found if panel]


def talks_panel(case: Mediation, *, now: datetime) -> Panel | None:
    """Whose turn it is and until when; what was offered stands on the page of the talks."""
    if case.begun_at is None:
        return None
    waiting = case.offer_waiting(now)
    items = tuple(
        Item(Side(offer.side).label, offer.get_answer_display(), "", (short_date(offer.made_at),))
        for offer in reversed(case.known_offers)
    )
    if waiting:
        turn = format_lazy(
            _("{side} answers by {until}"),
            side=Side(OTHER[waiting.side]).label,
            until=short_date(waiting.expires_at),
        )
        items = (Item(turn, _("waiting"), "warn"), *items)
    return Panel(
        "talks", _("Talks"), "people", items, int(waiting is not None), place=("staff:talks", _("Offers side by side"))
    )


def kept_panel(case: Mediation, *, now: datetime) -> Panel | None:
    """The promises of the agreement, each with the button that writes down that it was received."""
    rows = shown.kept(case, now=now)
    if not rows:
        return None
    items = tuple(_kept(one) for one in rows)
    left = sum(one.state != "confirmed" for one in rows)
    return Panel(
        "kept", _("What was agreed"), "check2-square", items, left, left > 0 and case.state == State.PERFORMING
    )


def _kept(one: shown.Kept) -> Item:
    label, tone = KEPT[one.state]
    notes = tuple(words for words in (one.report, one.confirmation) if words)
    act = "" if one.state == "confirmed" else "confirm_term"
    return Item(one.what, label, tone, notes, act, ("term", str(one.row.pk)))


def agreement_panel(case: Mediation) -> Panel | None:
    agreement = case.known_agreement
    if agreement is None:
        if case.accepted_offer is None:
            return None
        waits = Item(_("An offer was accepted."), _("to be drafted"), "warn")
        return Panel("agreement", _("Agreement"), "file-earmark-text", (waits,), 1, True, "draft_agreement")
    signed = pages.signed_by(case)
    items = tuple(
        Item(
            label, _("signed") if at else _("not signed yet"), "good" if at else "warn", (short_date(at),) if at else ()
        )
        for label, at in signed
    )
    left = sum(at is None for _label, at in signed)
    act = "draft_agreement" if case.state == State.NEGOTIATING else ""
    return Panel("agreement", _("Agreement"), "file-earmark-text", items, left, left > 0, act)


def longer_panel(case: Mediation) -> Panel | None:
    """The longer periods put to both sides, newest first, with what each said; the period itself stands among the clocks."""
    rows = list(case.longer_periods.prefetch_related("answers").order_by("-proposed_at", "-id"))
    if not rows:
        return None
    items = tuple(_longer(row) for row in rows)
    waits = rows[0].outcome == ""
    act = "answer_longer" if waits else "propose_longer"
    return Panel("longer", _("Longer period"), "calendar-event", items, int(waits), waits, act)


def _longer(row: LongerPeriod) -> Item:
    said = {True: _("yes"), False: _("no")}
    notes = [
        format_lazy(
            _("{side}: {said}, {at}"),
            side=answer.get_side_display(),
            said=said[answer.says_yes],
            at=short_date(answer.said_at),
        )
        for answer in row.answers.all()
    ]
    until = format_lazy(_("until {day}"), day=date_format(row.until, "DATE_FORMAT"))
    return Item(
        until, row.get_outcome_display(), "warn" if not row.outcome else "", (open_sealed(row, "reason"), *notes)
    )


def facts_panel(case: Mediation) -> Panel | None:
    if not case.known_facts:
        return None
    items = tuple(
        Item(
            open_sealed(fact, "statement"),
            fact.get_answer_display(),
            TONES.get(fact.answer, ""),
            (open_sealed(fact, "words"),) if fact.words else (),
        )
        for fact in case.known_facts
    )
    return Panel("facts", _("Facts asked of the merchant"), "question-circle", items)


def sessions_panel(case: Mediation) -> Panel | None:
    """The meetings held so far, newest first, with their minutes."""
    rows = list(case.sessions.order_by("-held_at"))
    if not rows:
        return None
    items = tuple(
        Item(
            format_lazy(_("{at}, {minutes} minutes"), at=short_date(row.held_at), minutes=row.minutes_long),
            _("recorded") if row.recording_sha256 else "",
            "",
            (open_sealed(row, "present"), open_sealed(row, "minutes")),
        )
        for row in rows
    )
    return Panel("sessions", _("Sessions"), "mic", items, act="record_session")


def link_panel(case: Mediation, *, now: datetime) -> Panel | None:
    """The newest link: the phone it was for, whether it was sent and answered, and until when it opens the case."""
    link = latest_link(case)
    if link is None:
        return None
    is_open = link.revoked_at is None and now <= link.expires_at
    state = _("revoked") if link.revoked_at else _("ran out") if not is_open else _("in force")
    notes = [
        format_lazy(_("sent {at}"), at=short_date(link.sent_at)) if link.sent_at else _("not sent yet"),
        format_lazy(_("opened by code {at}"), at=short_date(link.confirmed_at))
        if link.confirmed_at
        else _("not opened yet"),
        format_lazy(_("good until {at}"), at=short_date(link.expires_at)),
    ]
    item = Item(link.phone_mask, state, "good" if is_open else "", tuple(notes))
    act = "issue_link" if case.state in ON_THE_WAY or not is_open else ""
    return Panel("link", _("Merchant's link"), "link-45deg", (item, *_colleagues(case, now=now)), act=act)


def _colleagues(case: Mediation, *, now: datetime) -> list[Item]:
    """Who else takes part for the merchant: under the number by which the timeline names them, with what ends it."""
    return [
        Item(
            format_lazy(_("Colleague {number}: {name}"), number=one.number, name=one.name),
            one.standing,
            "",
            (one.phone_mask, _("may sign") if one.may_sign else _("does not sign")),
            "end_delegation",
            ("colleague", str(one.link.pk)),
        )
        for one in colleagues(case, now=now)
    ]
