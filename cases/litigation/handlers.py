"""Work around litigations: printing papers, reminders, and what happens at its day without anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.clocks.models import Clock
from cases.litigation import actions, papers
from cases.litigation.actions.preparing import PRINT_TOPIC
from cases.litigation.models import Draft, Hearing, Litigation
from cases.litigation.reminders import CLOCK_TOPIC, HEARING_TOPIC
from cases.litigation.states import FINAL, Procedure, State
from cases.notices.models import Notice
from cases.police.effect import TOPIC as EFFECT_TOPIC
from cases.police.models import PoliceReport
from jike.accounts.roles import machine_actor
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import pdf, store
from jike.outbox import jobs

WORKER, TIMER = "outbox-worker", "clock"
AT_ONCE = 200
SECOND = timedelta(seconds=1)
WAIT_FOR_RENDERER = 600


@jobs.handler(PRINT_TOPIC, queue="documents", max_attempts=12, lease_seconds=120)
def print_paper(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Print one version and keep it; without the renderer the job waits, and says what to do. One that no longer says what was drafted,
    because register, court or defendant changed meanwhile, is not printed: whoever handles the case hears that it has to be drafted again.
    """
    draft = Draft.objects.select_related("case").get(pk=job.body["draft"])
    if draft.file_id:
        return None
    if not pdf.is_available()[0]:
        raise jobs.Postpone(WAIT_FOR_RENDERER, "pdf.unavailable")
    case = draft.case
    title = papers.TITLES[draft.kind]
    html = papers.html_of(case, draft)
    if papers.is_stale(case, draft):
        return lambda: actions.tell_stale(draft, now=current_instant())
    content = pdf.render(html, title=f"{title} {case.number}", at=draft.drafted_at)
    name = f"{case.number}-{draft.kind}-v{draft.version}.pdf"
    file = store.put(case.pk, content, media_type="application/pdf", display_name=name, now=current_instant())
    return lambda: actions.issue_paper(case, actor=machine_actor(WORKER), now=current_instant(), draft=draft, file=file)


@jobs.handler(EFFECT_TOPIC, queue="default", max_attempts=12, lease_seconds=60)
def count_anew(job: jobs.ClaimedJob) -> Callable[[], None]:
    """A police report has begun or ceased to interrupt limitation: every claim of its matter that goes on is counted anew."""
    origin = PoliceReport.objects.values_list("origin_id", flat=True).get(pk=job.body["report"])

    def recounted() -> None:
        for case in Litigation.objects.filter(matter_id=origin).exclude(state__in=FINAL).order_by("pk"):
            _unless_over(actions.recount_limitation, case, {})

    return recounted


@jobs.handler(CLOCK_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def remind_of_clock(job: jobs.ClaimedJob) -> Callable[[], None]:
    """A time limit comes near; one that has stopped or was replaced since is not told."""
    clock = Clock.objects.get(pk=job.body["clock"])
    case = Litigation.objects.get(pk=clock.case_id)
    given = {"clock": clock, "days": job.body["days"]}
    return lambda: _unless_over(actions.remind, case, given)


@jobs.handler(HEARING_TOPIC, queue="notify", max_attempts=12, lease_seconds=60)
def remind_of_hearing(job: jobs.ClaimedJob) -> Callable[[], None]:
    """A hearing comes near; one that was called off is not told."""
    hearing = Hearing.objects.select_related("case").get(pk=job.body["hearing"])
    given = {"hearing": hearing, "days": job.body["days"]}
    return lambda: _unless_over(actions.remind_hearing, hearing.case, given)


def _unless_over(action: Callable[..., object], case: Litigation, given: dict[str, object]) -> None:
    with suppress(Refused):  # stopped, called off or ended while the job waited
        action(case, actor=machine_actor(WORKER), now=current_instant(), **given)


@jobs.timer("litigation.watch")
def watch(now: datetime) -> None:
    """What time brings about: a judgment of small claims comes into force, and the days of performance end. Of other judgments counsel
    hears that the consumer's days are over: whether the other side appealed is asked of the court.
    """
    for case in in_turns(unappealed(now)):
        with transaction.atomic():
            actions.tell_unappealed(case, now=now)
    for action, due in (
        (actions.take_effect, Litigation.objects.filter(state=State.JUDGED, procedure=Procedure.SMALL)),
        (actions.begin_enforcement_period, performed_until(now)),
    ):
        for case in in_turns(due):
            with suppress(Refused):  # somebody was faster
                action(case, actor=machine_actor(TIMER), now=now)


def in_turns(due: QuerySet[Litigation]) -> Iterator[Litigation]:
    """Every case that is due, `AT_ONCE` at a time by their keys: one that nothing can be done for keeps no other from its turn."""
    last = None
    while batch := list(due.filter(pk__gt=last).order_by("pk")[:AT_ONCE] if last else due.order_by("pk")[:AT_ONCE]):
        yield from batch
        last = batch[-1].pk


def unappealed(now: datetime) -> QuerySet[Litigation]:
    """Judged cases whose days to appeal are over for the consumer, and of whose judgment nobody has been told so."""
    open_appeal = Clock.objects.filter(case_id=OuterRef("pk"), family="APPEAL", state=Clock.State.RUNNING)
    told = Notice.objects.filter(
        case_id=OuterRef("case_id"), code="court.unappealed", created_at__gt=OuterRef("due_at")
    )
    over = open_appeal.filter(~Exists(told), due_at__lte=now - SECOND)
    return Litigation.objects.filter(Exists(over), state=State.JUDGED)


def performed_until(now: datetime) -> QuerySet[Litigation]:
    begun = Clock.objects.filter(case_id=OuterRef("pk"), family="ENF")
    is_over = Q(perform_by__lt=cst_date(now)) | Q(perform_by=None)
    return Litigation.objects.filter(is_over, ~Exists(begun), state=State.EFFECTIVE, awarded_cny__gt=0)
