"""Work around mediations: sending the merchant's link and reminders, and what happens at its minute without anybody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string

from cases.clocks.models import Clock
from cases.mediation import actions, links, paper
from cases.mediation.actions.agreeing import PAPER_TOPIC
from cases.mediation.actions.inviting import LINK_TOPIC, REMIND_TOPIC
from cases.mediation.house_rules import house_rules
from cases.mediation.models import Mediation, MerchantLink, Offer, Round, Term
from cases.mediation.news import NEWS_TOPIC
from cases.mediation.rules.inviting import ANSWER, answer_clock
from cases.mediation.rules.period import PERIOD
from cases.mediation.states import State
from cases.wording import speaks_as, with_time
from jike.accounts.roles import machine_actor
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import pdf, store
from jike.outbox import channels, jobs
from jike.privacy import open_sealed

WORKER, TIMER = "outbox-worker", "clock"
AT_ONCE = 200
INVITATION = "mediation/messages/invitation.sms.2026-11.txt"
NEWS = "mediation/messages/news.sms.2026-11.txt"
REMINDER = "mediation/messages/reminder.sms.2026-11.txt"
COLLEAGUE = "mediation/messages/colleague.sms.2026-11.txt"
SUBJECT = "消费纠纷协商调解"
WRITTEN = "mediation/messages/written.merchant.sms.2026-11.txt"
SECOND = timedelta(seconds=1)


@jobs.handler(LINK_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_link(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Send one link; the token is derived here and stands in no table and no job. One that opens nothing any more is not sent."""
    link = MerchantLink.objects.select_related("case__responsible_institution").get(pk=job.body["link"])
    if link.sent_at or link.revoked_at or link.expires_at <= current_instant():
        return None
    _send(link, COLLEAGUE if link.delegated_by_id else INVITATION, key=f"{LINK_TOPIC}:{link.pk}")
    return lambda: actions.record_link_sent(link.case, actor=machine_actor(WORKER), now=current_instant(), link=link)


@jobs.handler(REMIND_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_reminder(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Remind a merchant who has not answered. Whoever answered, or whose time is over, hears nothing."""
    case = Mediation.objects.select_related("responsible_institution").get(pk=job.body["case"])
    clock = answer_clock(case)
    if clock is None or clock.due_at is None or clock.due_at <= current_instant():
        return None
    own = MerchantLink.objects.filter(case_id=case.pk, revoked_at=None, delegated_by=None)
    found = own.filter(expires_at__gt=current_instant()).first()
    if found:
        found.case = case
        _send(found, REMINDER, key=f"{REMIND_TOPIC}:{case.pk}:{job.body['hours']}", due_at=clock.due_at)
    told = {"hours": job.body["hours"], "is_sent": found is not None}
    return lambda: _record_reminder(case, told)


def _record_reminder(case: Mediation, told: dict[str, Any]) -> None:
    with suppress(Refused):  # answered while the text was on its way
        actions.record_reminder(case, actor=machine_actor(WORKER), now=current_instant(), **told)


@jobs.handler(NEWS_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_news(job: jobs.ClaimedJob) -> None:
    """Say that something waits at the link, to each of the merchant's people. A link that ran out leads to where a new one is had; a
    revoked one is not named, nor one that nobody ever opened, but for the merchant's own."""
    found = MerchantLink.objects.filter(case_id=job.body["case"], revoked_at=None)
    found = found.exclude(delegated_by__isnull=False, confirmed_at=None)
    for link in found.select_related("case__responsible_institution").order_by("number"):
        if link.case.ended_at is None:
            key = f"{job.key}:{link.number}" if link.number else job.key
            _send(link, WRITTEN if job.body.get("is_message") else NEWS, key=key)


def _send(link: MerchantLink, template: str, *, key: str, due_at: datetime | None = None) -> None:
    case = link.case
    clock = answer_clock(case)
    due_at = due_at or (clock.due_at if clock else None)
    words = {
        "institution": speaks_as(case),
        "number": case.number,
        "link": links.address_of(link),
        "due": with_time(due_at) if due_at else "",
        "expires": with_time(link.expires_at),
    }
    text = render_to_string(template, words).strip()
    channels.get("sms").send(open_sealed(link, "phone"), "", text, key=key)
    if link.email:  # the link alone opens nothing: the code goes to the phone
        channels.get("email").send(open_sealed(link, "email"), SUBJECT, text, key=f"{key}:mail")


@jobs.handler(PAPER_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def print_agreement(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Draw the agreement that both signed and issue it; drawn again after a crash, it is the same paper."""
    case = Mediation.objects.select_related("origin", "responsible_institution", "unit").get(pk=job.body["case"])
    agreement = case.known_agreement
    if agreement is None or paper.paper_of(case):
        return None
    available, _remedy = pdf.is_available()
    if not available:
        raise jobs.Postpone(300, "pango.missing")
    title = f"{paper.TITLE[case.form]} {case.number}"
    content = pdf.render(paper.agreement_html(case, agreement), title=title, at=case.effective_at)
    name = f"{case.number}-{paper.TITLE[case.form]}.pdf"
    stored = store.put(case.pk, content, media_type="application/pdf", display_name=name, now=current_instant())
    issued = {"file": stored, "code": paper.code_of(agreement), "template": paper.TEMPLATE}
    return lambda: actions.issue_agreement(case, actor=machine_actor(WORKER), now=current_instant(), **issued)


@jobs.timer("mediation.watch")
def watch(now: datetime) -> None:
    """What time brings about: silence after the limit, offers that lapse, performance that begins, promises that were not kept.

    Each is judged by the moment its limit ran out; a timer that was down for hours changes none of these moments.
    """
    for action, due in (
        (actions.record_silence, silent(now)),
        (actions.lapse_offer, lapsed(now)),
        (actions.lapse_round, unanswered(now)),
        (actions.end_period, over(now)),
        (actions.begin_performance, Mediation.objects.filter(state=State.AGREED)),
        (actions.record_breach, broken(now)),
    ):
        for case in due.order_by("pk")[:AT_ONCE]:
            with suppress(Refused):  # somebody was faster
                action(case, actor=machine_actor(TIMER), now=now)


def silent(now: datetime) -> QuerySet[Mediation]:
    over = Clock.objects.filter(
        case_id=OuterRef("pk"), family=ANSWER, state=Clock.State.RUNNING, due_at__lte=now - SECOND
    )
    return Mediation.objects.filter(Exists(over), state=State.INVITED)


def over(now: datetime) -> QuerySet[Mediation]:
    """Outside bodies whose period has ended; where both have signed the rule lets the seal still come."""
    ended = Clock.objects.filter(
        case_id=OuterRef("pk"), family=PERIOD, state=Clock.State.RUNNING, due_at__lte=now - SECOND
    )
    return Mediation.objects.filter(Exists(ended), state=State.NEGOTIATING)


def lapsed(now: datetime) -> QuerySet[Mediation]:
    open_offers = Offer.objects.filter(case_id=OuterRef("pk"), answer="", expires_at__lt=now)
    return Mediation.objects.filter(Exists(open_offers))


def unanswered(now: datetime) -> QuerySet[Mediation]:
    """Sealed rounds whose time is over; the answer one side may have given is destroyed unread."""
    return Mediation.objects.filter(
        Exists(Round.objects.filter(case_id=OuterRef("pk"), outcome="", expires_at__lt=now))
    )


def broken(now: datetime) -> QuerySet[Mediation]:
    """Whatever is overdue beyond grace and that the merchant did not even report; reports are judged by a person."""
    last = cst_date(now) - timedelta(days=house_rules().grace_days)
    missed = Term.objects.filter(
        case_id=OuterRef("pk"), offer__answer="accepted", confirmed_at=None, reported_at=None, due_on__lt=last
    )
    return Mediation.objects.filter(Exists(missed), state=State.PERFORMING)
