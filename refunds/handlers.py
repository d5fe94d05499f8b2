"""Work around returns: bringing one on as far as nobody has to decide, following orders, asking the merchant, the certificate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string

from cases.clocks.models import Clock
from cases.clocks.rules import rule
from cases.models import Document
from cases.wording import speaks_as, with_time
from jike.accounts.roles import machine_actor
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.base.ids import code_from
from jike.files import pdf, store
from jike.outbox import channels, jobs
from jike.privacy import blind_index, open_sealed
from lending.orders.actions import CHANGED, ask_again
from lending.orders.models import Order
from refunds import actions, certificate
from refunds.actions.asking import ADVANCE, MACHINE
from refunds.actions.ending import CERTIFICATE_TOPIC
from refunds.actions.judging import ANSWER, ASK_TOPIC
from refunds.models import Leg, Refund
from refunds.policy import policy
from refunds.rules import paying
from refunds.states import UNDER_WAY, LegState, State

WORKER = "outbox-worker"
QUESTION = "refunds/messages/question.sms.2026-11.txt"
AT_ONCE = 200
LAG, MOMENT = timedelta(minutes=2), timedelta(microseconds=1)
_ON = (
    actions.begin_screening,
    actions.judge,
    actions.reverse,
    actions.go_on,
    actions.carry_on,
    actions.correct,
    actions.complete,
)


def advance(case: Refund, *, now: datetime) -> Refund:
    """Do whatever the machine may do to the return now, in order; each its own transaction, so that a crash in between costs nothing."""
    for n, action in enumerate(_ON, start=1):
        with suppress(Refused):  # a moment of its own for each: messages belong to the act of their moment
            case = action(case, actor=machine_actor(MACHINE), now=now + n * MOMENT)
    return case


@jobs.handler(ADVANCE, max_attempts=10, lease_seconds=60)
def advance_return(job: jobs.ClaimedJob) -> None:
    advance(Refund.objects.get(pk=job.body["case"]), now=current_instant())


@jobs.handler(CHANGED, max_attempts=12, lease_seconds=60)
def hear_of_order(job: jobs.ClaimedJob) -> None:
    """An order stands otherwise than before: the leg follows. What does not fit stops the return until a person has looked."""
    leg = Leg.objects.filter(order=job.body["order"]).select_related("case").first()
    if leg is None:
        return
    doubt, now = job.body.get("doubt", ""), current_instant()
    with suppress(Refused):  # known already, or told again
        actions.follow_leg(leg.case, actor=machine_actor(MACHINE), now=now, leg=leg, doubt=doubt)
    wrong = [doubt] if doubt in paying.DOUBTS else paying.troubles(Refund.objects.get(pk=leg.case_id), now=now)
    for code in wrong[:1]:
        with suppress(Refused):
            actions.stick(leg.case, actor=machine_actor(MACHINE), now=now, code=code)


@jobs.handler(ASK_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_question(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Ask the merchant's own number whether it served; its 48 hours begin when a channel has taken the question."""
    case = Refund.objects.select_related("merchant", "responsible_institution", "loan").get(pk=job.body["case"])
    if case.state != State.DISPUTED or case.merchant_asked_at or not (case.merchant and case.merchant.contact_phone):
        return None
    hours = rule(ANSWER, on=cst_date(case.received_at)).length
    words = {
        "institution": speaks_as(case),
        "number": case.number,
        "tail": case.loan.number[-4:] if case.loan else "",
        "until": with_time(current_instant() + timedelta(hours=hours)),
    }
    text = render_to_string(QUESTION, words).strip()
    channels.get("sms").send(open_sealed(case.merchant, "contact_phone"), "", text, key=f"{ASK_TOPIC}:{case.pk}")
    return lambda: _asked(case)


def _asked(case: Refund) -> None:
    with suppress(Refused):  # staff asked while the text was on its way
        actions.ask_merchant(case, actor=machine_actor(MACHINE), now=current_instant())


@jobs.handler(CERTIFICATE_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def render_certificate(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Render the certificate and issue it; made again after a crash, it is the same."""
    case = Refund.objects.select_related("responsible_institution", "loan", "merchant").get(pk=job.body["case"])
    if case.documents.filter(kind=Document.Kind.CERTIFICATE).exists():
        return None
    available, _remedy = pdf.is_available()
    if not available:
        raise jobs.Postpone(300, "pango.missing")
    code = code_from(blind_index("document", f"certificate|{case.pk}"))
    content = pdf.render(certificate.html(case, code=code), title=f"退贷证明 {case.number}", at=case.corrected_at)
    stored = store.put(
        case.pk,
        content,
        media_type="application/pdf",
        display_name=f"{case.number}-退贷证明.pdf",
        now=current_instant(),
    )
    return lambda: actions.issue_certificate(
        case,
        actor=machine_actor(WORKER),
        now=current_instant(),
        file=stored,
        code=code,
        template=certificate.TEMPLATE,
    )


@jobs.timer("refunds.watch")
def watch(now: datetime) -> None:
    """What time brings about: a merchant silent beyond its hours, orders to be asked after, returns that wait for a person, and
    whatever a lost job has left lying.
    """
    for case in _lagging(now):
        advance(case, now=now)
    for order in _unanswered(now):
        ask_again(order, now=now)
    for case in Refund.objects.filter(state=State.REVERSING).order_by("pk")[:AT_ONCE]:
        for code in paying.troubles(case, now=now)[:1]:
            with suppress(Refused):
                actions.stick(case, actor=machine_actor(MACHINE), now=now, code=code)


def _lagging(now: datetime) -> list[Refund]:
    """Returns that the machine may be able to bring on."""
    over = Clock.objects.filter(case_id=OuterRef("pk"), family=ANSWER, state=Clock.State.RUNNING, due_at__lte=now)
    waiting = Leg.objects.filter(case_id=OuterRef("pk"), state=LegState.WAITING, by_hand=False)
    left = Q(
        state__in=[State.REQUESTED, State.SCREENING, State.ELIGIBLE, State.GOODWILL, State.CORRECTING, State.REVERSING]
    )
    found = Refund.objects.filter(
        (left & Q(last_event_at__lte=now - LAG)) | Q(Exists(over), state=State.DISPUTED) | Q(Exists(waiting))
    )
    return list(found.exclude(state__in=[State.COMPLETED, State.REFUSED]).order_by("last_event_at")[:AT_ONCE])


def _unanswered(now: datetime) -> list[Order]:
    """Orders of returns without an end beyond the patience of the house, whose own job has given up."""
    since = now - timedelta(minutes=policy().ask_after_minutes)
    legs = Leg.objects.filter(order=OuterRef("pk"), state__in=UNDER_WAY)
    found = Order.objects.filter(Exists(legs), ended_at=None, ordered_at__lte=since)
    return [order for order in found.order_by("ordered_at")[:AT_ONCE] if not _has_job(order)]


def _has_job(order: Order) -> bool:
    live = jobs.Job.objects.filter(topic="lending.order", dedupe_key__startswith=f"lending.order:{order.pk}")
    return live.exclude(state__in=["done", "dead"]).exists()
