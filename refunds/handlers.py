"""Work around returns: bringing one on as far as nobody has to decide, following orders, asking the merchant, the certificate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.template.loader import render_to_string

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
from lending.orders.actions import CHANGED
from refunds import actions, certificate
from refunds.actions.asking import ADVANCE, MACHINE
from refunds.actions.ending import CERTIFICATE_TOPIC
from refunds.actions.judging import ANSWER, ASK_TOPIC, call_people
from refunds.models import Leg, Refund
from refunds.rules import asking, paying
from refunds.states import State

WORKER = "outbox-worker"
QUESTION = "refunds/messages/question.sms.2026-11.txt"
MOMENT = timedelta(microseconds=1)
_ON = (
    actions.begin_screening,
    actions.judge,
    actions.reverse,
    actions.go_on,
    actions.carry_on,
    actions.correct,
    actions.complete,
    actions.align_stop,
)


def advance(case: Refund, *, now: datetime) -> Refund:
    """Do whatever the machine may do to the return now, in order; each its own transaction, so that a crash in between costs nothing."""
    for n, action in enumerate(_ON, start=1):
        with suppress(Refused):  # a moment of its own for each: messages belong to the act of their moment
            case = action(case, actor=machine_actor(MACHINE), now=now + n * MOMENT)
    return case


@jobs.handler(ADVANCE, max_attempts=10, lease_seconds=60)
def advance_return(job: jobs.ClaimedJob) -> None:
    bring_on(Refund.objects.get(pk=job.body["case"]), now=current_instant())


def bring_on(case: Refund, *, now: datetime) -> None:
    """Whatever the machine may do; where orders fail or are silent, people are called."""
    advance(case, now=now)
    now += (len(_ON) + 1) * MOMENT
    case = Refund.objects.get(pk=case.pk)
    if [one.code for one in asking.blockers_to_align_stop(case, machine_actor(MACHINE), now=now)] == [
        asking.OVERTURNED
    ]:
        call_people(case, now=now, once=asking.OVERTURNED)
    for code in paying.troubles(case, now=now)[:1]:
        with suppress(Refused):  # not on its way, or somebody looks already
            actions.stick(case, actor=machine_actor(MACHINE), now=now, code=code)
    for n, leg in enumerate(paying.unheard_legs(case, now=now), start=1):
        with suppress(Refused):
            actions.alert_people(case, actor=machine_actor(MACHINE), now=now + n * MOMENT, code=paying.SILENT, leg=leg)


@jobs.handler(CHANGED, max_attempts=12, lease_seconds=60)
def hear_of_order(job: jobs.ClaimedJob) -> None:
    """An order stands otherwise than before: the leg follows. What does not fit stops the return until a person has looked; where
    it cannot stop it, before the money and after it, people are told.
    """
    leg = Leg.objects.filter(order=job.body["order"]).select_related("case").first()
    if leg is None:
        return
    doubt, now = job.body.get("doubt", ""), current_instant()
    with suppress(Refused):  # known already, or told again
        actions.follow_leg(leg.case, actor=machine_actor(MACHINE), now=now, leg=leg, doubt=doubt)
    wrong = [doubt] if doubt in paying.DOUBTS else paying.troubles(Refund.objects.get(pk=leg.case_id), now=now)
    for code in wrong[:1]:
        try:
            actions.stick(leg.case, actor=machine_actor(MACHINE), now=now, code=code)
        except Refused:
            if doubt in paying.DOUBTS:
                actions.alert_people(leg.case, actor=machine_actor(MACHINE), now=now, code=doubt, leg=leg)


@jobs.handler(ASK_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def send_question(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Ask the merchant's own number whether it served; its 48 hours begin when a channel has taken the question."""
    case = Refund.objects.select_related("merchant", "responsible_institution", "loan").get(pk=job.body["case"])
    if case.state != State.DISPUTED or case.merchant_asked_at or not (case.merchant and case.merchant.contact_phone):
        return None
    hours = rule(ANSWER, on=cst_date(current_instant())).length
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
