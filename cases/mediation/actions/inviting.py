"""Inviting the merchant, the link that opens the case to them, their word, and what silence does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.clocks.models import Clock
from cases.handling import acts
from cases.mediation import counting, links
from cases.mediation.actions.opening import HOW, end
from cases.mediation.house_rules import house_rules
from cases.mediation.models import Fact, Mediation, MerchantLink
from cases.mediation.rules import facts as facts_rules
from cases.mediation.rules import inviting as rules
from cases.mediation.rules.facts import FactAnswer
from jike.base.actors import Actor
from jike.base.dates import CST, end_of_day
from jike.base.ids import uuid7
from jike.outbox import jobs
from jike.privacy import open_sealed
from jike.verbs import verb

LINK_TOPIC = "mediation.send_link"
REMIND_TOPIC = "mediation.send_reminder"


@verb(Mediation, "mediation.invite", label=_("Invite the merchant"), blockers=rules.blockers_to_invite)
def invite_merchant(
    case: Mediation, *, actor: Actor, now: datetime, allegation: str, facts: Sequence[str] = (), phone: str = ""
) -> None:
    """Tell the merchant the matter, ask which facts are right, and start the time to answer: consented -> invited.

    Reminders are queued with it; silence after the limit ends the attempt at its minute. `allegation` names nobody. Empty `phone` is the
    number of the merchant's entry. Source: house MED_ANSWER.
    """
    case.mark_invited(at=now, allegation=allegation.strip())
    rows = [Fact(id=uuid7(), case=case, seq=seq, statement=said.strip()) for seq, said in enumerate(facts, start=1)]
    Fact.objects.bulk_create(rows)
    clocks.start(case, rules.ANSWER, at=now, now=now)
    _send_link(case, phone, actor=actor, now=now)
    for hours in house_rules().remind_hours:
        jobs.post(
            REMIND_TOPIC,
            key=f"{REMIND_TOPIC}:{case.pk}:{hours}",
            body={"case": str(case.pk), "hours": hours},
            subject=case.pk,
            due_at=now + timedelta(hours=hours),
            now=now,
        )


def _send_link(case: Mediation, phone: str, *, actor: Actor, now: datetime) -> None:
    """A link in place of every one before."""
    links.revoke(case, now=now)
    send_link(case, links.new_link(case, phone=phone, actor=actor, now=now), now=now)


def send_link(case: Mediation, link: MerchantLink, *, now: datetime) -> None:
    """Queue the sending of a link that was just written. Called inside a verb."""
    key = f"{LINK_TOPIC}:{link.pk}"
    jobs.post(LINK_TOPIC, key=key, body={"link": str(link.pk)}, subject=case.pk, now=now)
    case.tell(link=str(link.pk))


@verb(
    Mediation, "mediation.issue_link", label=_("Send the merchant a new link"), blockers=rules.blockers_to_issue_link, category="access"
)  # fmt: skip
def issue_link(case: Mediation, *, actor: Actor, now: datetime, phone: str = "") -> None:
    """A new link in place of the one before, which opens nothing from now on. The time to answer stays as it was."""
    _send_link(case, phone, actor=actor, now=now)


@verb(
    Mediation,
    "mediation.renew_link",
    label=_("New link asked for by the merchant"),
    blockers=rules.blockers_to_renew_link,
    category="access",
    by_hand=False,
)
def renew_link(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """Whoever holds a link that has run out gets a new one at the same phone: a case lives longer than a link. Others stay as they are."""
    old = cast(MerchantLink, rules.own_latest_link(case, actor))
    known = links.Colleague(
        old.delegated_by, old.number, open_sealed(old, "holder"), open_sealed(old, "email") if old.email else "", old.may_sign
    ) if old.delegated_by else None  # fmt: skip
    links.revoke_one(old, now=now)
    link = links.new_link(case, phone=open_sealed(old, "phone"), actor=actor, now=now, colleague=known)
    send_link(case, link, now=now)


@verb(Mediation, "mediation.revoke_link", label=_("Revoke the merchant's link"), blockers=rules.blockers_to_revoke_link, category="access")  # fmt: skip
def revoke_link(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """The link opens nothing from now on, nor do those of the colleagues its holder named."""
    case.tell(revoked=links.revoke(case, now=now))


@verb(
    Mediation,
    "mediation.confirm_link",
    label=_("Link confirmed by the merchant's phone"),
    blockers=rules.blockers_to_confirm_link,
    category="access",
    by_hand=False,
)
def confirm_link(case: Mediation, *, actor: Actor, now: datetime, link: MerchantLink, phone: str) -> None:
    """The merchant answered the code sent to the link's phone (`phone`, as proven): the link opens this case until it ends."""
    link.confirmed_at = link.confirmed_at or now
    link.save(update_fields=["confirmed_at"])
    case.tell(link=str(link.pk))


@verb(
    Mediation,
    "mediation.record_link_sent",
    label=_("Link sent to the merchant"),
    blockers=rules.blockers_to_record_link_sent,
    category="message",
    by_hand=False,
)
def record_link_sent(case: Mediation, *, actor: Actor, now: datetime, link: MerchantLink) -> None:
    """A channel took the link: the proof that the merchant was asked. One revoked meanwhile opens nothing and stays as it was."""
    MerchantLink.objects.filter(pk=link.pk, sent_at=None, revoked_at=None).update(sent_at=now)
    case.tell(link=str(link.pk))


@verb(
    Mediation, "mediation.remind", label=_("Merchant reminded"), blockers=rules.blockers_to_remind, category="message", by_hand=False
)  # fmt: skip
def record_reminder(case: Mediation, *, actor: Actor, now: datetime, hours: int, is_sent: bool) -> None:
    """The merchant was reminded `hours` after the invitation; not sent where no link is in force any more."""
    case.tell(hours=hours, is_sent=is_sent)


@verb(
    Mediation,
    "mediation.take_part",
    label=_("Record that the merchant takes part"),
    blockers=rules.blockers_to_take_part,
)
def take_part(case: Mediation, *, actor: Actor, now: datetime, evidence: str = "") -> None:
    """The merchant says yes and the time to answer stops. Negotiation through us begins; an outside body must accept first."""
    case.merchant_agreed_at = now
    clocks.stop(case, rules.ANSWER, at=now, now=now)
    if actor.is_staff:
        acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    if not case.is_external:
        case.mark_taken_part(at=now)


@verb(
    Mediation,
    "mediation.answer_facts",
    label=_("Facts answered by the merchant"),
    blockers=facts_rules.blockers_to_answer_facts,
    category="message",
    by_hand=False,
)
def answer_facts(case: Mediation, *, actor: Actor, now: datetime, answers: Sequence[FactAnswer]) -> None:
    """The merchant says of each fact whether it is right. Each is answered once, and whoever mediates and the consumer read it."""
    given = {answer.fact: answer for answer in answers}
    for fact in case.known_facts:
        if answer := given.get(fact.pk):
            fact.answer, fact.words, fact.answered_at = answer.answer, answer.words.strip(), now
            fact.answered_by_kind = actor.kind
            fact.save(update_fields=["answer", "words", "answered_at", "answered_by_kind"])
    case.tell(answered=len(answers))


@verb(
    Mediation,
    "mediation.record_acceptance",
    label=_("Record that the body accepted"),
    blockers=rules.blockers_to_record_acceptance,
)
def record_acceptance(case: Mediation, *, actor: Actor, now: datetime, accepted_on: date, reference: str) -> None:
    """An outside body accepted: invited -> negotiating. Its thirty days begin, and the count of the complaint stands still from that day.

    Source: O2020-3 art 23, OM2021 art 24.
    """
    case.mark_accepted_by_body(at=now, reference=reference.strip())
    clocks.start(case, "MED30", at=min(now, end_of_day(accepted_on)), now=now)
    counting.stop_count(
        case, first_on=accepted_on, evidence=f"{case.number} {case.body} {case.body_reference}", now=now
    )


@verb(
    Mediation,
    "mediation.record_silence",
    label=_("Merchant did not answer in time"),
    blockers=rules.blockers_to_record_silence,
    by_hand=False,
)
def record_silence(case: Mediation, *, actor: Actor, now: datetime) -> None:
    """Silence after the limit ends the attempt, as the invitation said: invited -> failed, at the minute the limit ran out.

    A timer that comes by later changes nothing of that; the event keeps both times. Source: house MED_ANSWER.
    """
    clock = cast(Clock, rules.answer_clock(case))
    at = cast(datetime, clock.due_at)
    case.mark_silent(at=at)
    case.tell(effective=at.astimezone(CST).isoformat(timespec="seconds"))
    end(case, HOW["silent"], at=at, now=now)
