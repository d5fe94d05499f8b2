"""Choices, quiet hours, e-mails without a person in them, and the pages."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.handlers import watch_clocks
from cases.messages import queue_message
from cases.notices import digest
from cases.notices.actions import MAIL_TOPIC, choose, read_notices
from cases.notices.forms import SettingsForm
from cases.notices.happenings import HAPPENINGS
from cases.notices.labels import sentence_of
from cases.notices.models import Notice, Reach
from cases.queries import complainant_of
from cases.quiet import CONSUMER_HOURS
from jike.accounts.models import User
from jike.base.dates import pinned
from jike.calendars.hours import Hours
from jike.outbox import channels
from jike.outbox.models import Job
from jike.outbox.working import run_due
from tests.accounts.signing_in import sign_in
from tests.clocks.counting import CALENDAR, at
from tests.factories import complaints as factory
from tests.people import Cast

NINE_TENTHS, LATE = at("2026-10-12T12:00"), at("2026-10-14T00:01")
STAFF_HOURS = Hours(time(8), time(20), CALENDAR.is_working_day)


class Outside:
    """An e-mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: Any = ()) -> None:
        self.sent.append((to, subject, text))


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    found = Outside()
    monkeypatch.setattr(channels, "get", lambda name: found)
    return found


def prefer(member: Any, **modes: str) -> None:
    """`clock_breached__email="digest"`, with an address at work."""
    form = SettingsForm(actor=member.actor)
    given = {(code, channel): HAPPENINGS[code].default(channel) for code in HAPPENINGS for channel in ("desk", "email")}
    for name, mode in modes.items():
        code, _, channel = name.partition("__")
        given[code.replace("_", "."), channel] = mode
    assert form.rows()
    choose(
        member.actor,
        modes=given,
        email=f"{member.user.username}@jike.example",
        quiet_from=time(20),
        quiet_until=time(8),
        quiet_on_days_off=True,
    )


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("2026-09-28T08:00", "2026-09-28T08:00"),
        ("2026-09-28T19:59:59", "2026-09-28T19:59:59"),
        ("2026-09-28T20:00", "2026-09-29T08:00"),
        ("2026-09-28T07:59", "2026-09-28T08:00"),
        ("2026-09-30T20:00", "2026-10-08T08:00"),
        ("2026-10-03T12:00", "2026-10-08T08:00"),
        ("2026-10-10T12:00", "2026-10-10T12:00"),  # a Saturday that is worked
    ],
)
def test_quiet_hours_end_on_the_next_working_morning(asked: str, sent: str) -> None:
    assert STAFF_HOURS.earliest(at(asked)) == at(sent)


def test_hours_over_midnight_and_no_hours_at_all() -> None:
    night = Hours(time(22), time(6))
    assert [night.earliest(at(f"2026-09-28T{hour}")) for hour in ("23:00", "05:59", "06:00")] == [
        at("2026-09-28T23:00"), at("2026-09-28T05:59"), at("2026-09-28T22:00"),
    ]  # fmt: skip
    assert Hours(time(8), time(8)).earliest(at("2026-10-03T03:00")) == at("2026-10-03T03:00")
    assert CONSUMER_HOURS.earliest(at("2026-10-03T03:00")) == at("2026-10-03T09:00")


def test_what_the_law_asks_to_be_told_leaves_at_night_and_on_holidays(cast: Cast) -> None:
    """Every message of a complaint's way, and only the favour waits."""
    night = at("2026-10-03T02:30")
    case = factory.complaint(cast, at="closed", now=night)
    queue_message(case, complainant_of(case), purpose="survey", channels=["sms"], subject="", body="请评价", now=night)

    told = Job.objects.filter(topic__in=["cases.send_message", "cases.print_letter"])
    due = {job.body["message"]: (job.created_at, job.due_at) for job in told}
    waiting = {m.purpose for m in case.messages.all() if due[str(m.pk)][0] != due[str(m.pk)][1]}
    assert waiting == {"survey"}
    assert {m.purpose for m in case.messages.all()} > {"receipt", "acceptance", "decision", "survey"}
    favours = [str(m.pk) for m in case.messages.filter(purpose="survey", channel="sms")]
    assert {job.due_at for job in Job.objects.filter(body__message__in=favours)} == {at("2026-10-03T09:00")}


def test_an_escalation_is_mailed_after_quiet_hours_without_a_person(cast: Cast, outside: Outside) -> None:
    prefer(cast.supervisor)
    case = factory.complaint(cast, at="claimed", name="欧阳靖宇")
    watch_clocks(LATE)  # one minute past midnight

    job = Job.objects.get(topic=MAIL_TOPIC)
    assert job.due_at == at("2026-10-14T08:00")
    run_due(clock=lambda: at("2026-10-14T08:00:01"))

    ((to, subject, text),) = [mail for mail in outside.sent if mail[0].endswith("jike.example")]
    assert to == "supervisor@jike.example"
    assert case.number in subject and case.number in text and f"/staff/cases/{case.number}/" in text
    assert not any(word in subject + text for word in ("欧阳", "靖宇", "13800138000", "1380", "退款", "handler"))


def test_what_was_read_or_must_not_be_known_any_more_is_not_mailed(cast: Cast, outside: Outside) -> None:
    for member in (cast.supervisor, cast.executive):
        prefer(member)
    factory.complaint(cast, at="claimed")
    watch_clocks(LATE)
    assert Job.objects.filter(topic=MAIL_TOPIC).count() == 2
    User.objects.filter(pk=cast.supervisor.user.pk).update(unit=cast.other_unit)
    Notice.objects.filter(user=cast.executive.user).update(read_at=LATE)

    run_due(clock=lambda: LATE + timedelta(days=1))

    assert [to for to, *_rest in outside.sent if to.endswith("jike.example")] == []


def test_escalations_cannot_be_turned_off(cast: Cast) -> None:
    for name in ("clock_breached__desk", "clock_breached__email", "clock_escalated__desk", "clock_escalated__email"):
        with pytest.raises(ValueError, match="off"):
            prefer(cast.supervisor, **{name: "off"})
    assert not Reach.objects.exists()

    prefer(cast.supervisor, clock_breached__email="digest", case_answered__desk="off", case_answered__email="off")
    factory.complaint(cast, at="claimed")
    watch_clocks(LATE)
    assert not Job.objects.filter(topic=MAIL_TOPIC).exists()
    assert Notice.objects.get(user=cast.supervisor.user, code="clock.breached").is_for_digest


def test_work_that_arrives_is_told(cast: Cast) -> None:
    case = factory.complaint(cast, at="received")
    later = factory.RECEIVED + timedelta(hours=1)
    case = actions.assign_complaint(case, actor=cast.supervisor.actor, now=later, to=cast.handler.user)
    actions.send_message(case, actor=factory.consumer_of(case), now=later, text="补充材料")
    case = factory.investigating(case, cast, later)
    factory.deciding(case, cast, later)

    assert set(Notice.objects.values_list("user__username", "code")) == {
        ("handler", "case.assigned"), ("handler", "case.answered"),
        ("executive", "approval.asked"), ("supervisor", "approval.asked"),
    }  # fmt: skip

    factory.decided(Complaint.objects.get(pk=case.pk), cast, later)
    assert not Notice.objects.filter(code="approval.asked", read_at=None).exists(), "voted on: nobody need look"


def test_the_overview_comes_once_on_working_days_and_counts(cast: Cast, outside: Outside) -> None:
    prefer(cast.handler)
    due_today = factory.complaint(cast, at="claimed", now=at("2026-09-29T10:00"))
    factory.complaint(cast, at="deciding", now=at("2026-10-08T10:00"))
    factory.complaint(cast, at="claimed", now=at("2026-09-20T10:00"))
    Notice.objects.all().delete()
    day = at("2026-10-14T07:30")

    assert digest.order_overviews(at("2026-10-14T07:29")) == 0
    assert digest.order_overviews(at("2026-10-03T09:00")) == 0
    assert [digest.order_overviews(day), digest.order_overviews(day), digest.order_overviews(LATE)] == [1, 0, 0]
    for _ in range(2):
        with pinned(day):
            digest.give_overviews([str(pk) for pk in User.objects.values_list("pk", flat=True)], now=day)

    found = {notice.user.username: notice.facts for notice in Notice.objects.select_related("user")}
    assert found["handler"] | {"day": ""} == {
        "day": "", "due_today": 1, "overdue": 1, "waiting": 1, "approvals": 0, "unassigned": 0, "unread": 0,
    }  # fmt: skip
    assert (found["supervisor"]["approvals"], found["supervisor"]["overdue"]) == (1, 1)
    assert "colleague" not in found, "a day that holds nothing has no overview"
    assert Job.objects.get(topic=MAIL_TOPIC).due_at == at("2026-10-14T08:00")
    assert due_today.assignee_id


def test_everybody_reads_their_own(cast: Cast) -> None:
    factory.complaint(cast, at="claimed")
    watch_clocks(LATE)
    task = Notice.objects.get(user=cast.executive.user)
    theirs = Notice.objects.get(user=cast.supervisor.user)

    assert read_notices(cast.executive.actor, now=LATE, ids=[theirs.pk]) == 0
    assert read_notices(cast.executive.actor, now=LATE) == 0, "a task is answered by itself"
    assert read_notices(cast.executive.actor, now=LATE, ids=[task.pk]) == 1
    assert read_notices(cast.supervisor.actor, now=LATE) == 1


def test_the_pages(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", name="欧阳靖宇")
    watch_clocks(LATE)
    client = sign_in(Client(), cast.supervisor.user)

    page = client.get("/staff/notices/").content.decode()
    assert case.number in page and "投诉处理期限" in page and "欧阳" not in page
    assert "1" in client.get("/staff/notices/count/").content.decode()
    assert 'hx-get="/staff/notices/count/"' in client.get("/staff/queue/").content.decode()

    notice = Notice.objects.get(user=cast.supervisor.user)
    assert client.get("/staff/notices/read/").status_code == 405
    assert client.post("/staff/notices/read/", {"notice": "x"}).status_code == 400
    assert client.post("/staff/notices/read/", {"notice": str(notice.pk)}).headers["Location"] == "/staff/notices/"
    assert 'class="count"' not in client.get("/staff/notices/count/").content.decode()

    User.objects.filter(pk=cast.supervisor.user.pk).update(unit=cast.other_unit)
    assert case.number not in client.get("/staff/notices/").content.decode(), "out of sight, out of the list"


def test_the_settings_page_keeps_what_was_chosen(cast: Cast) -> None:
    client = sign_in(Client(), cast.supervisor.user)
    form = SettingsForm(actor=cast.supervisor.actor)
    given = {name: field.choices[0][0] for name, field in form.fields.items() if ":" in name}
    given |= {"email": "s@jike.example", "quiet_from": "19:00", "quiet_until": "09:00", "case.answered:desk": "off"}

    assert client.get("/staff/notices/settings/").status_code == 200
    assert client.post("/staff/notices/settings/", given | {"quiet_from": "late"}).status_code == 400
    assert client.post("/staff/notices/settings/", given | {"clock.breached:email": "off"}).status_code == 400
    assert not Reach.objects.exists()
    assert client.post("/staff/notices/settings/", given).status_code == 302

    reach = Reach.objects.get()
    assert (reach.user_id, reach.email, reach.quiet_from, reach.quiet_on_days_off) == (
        cast.supervisor.user.pk, "s@jike.example", time(19), False,
    )  # fmt: skip
    assert '<option value="off" selected>' in client.get("/staff/notices/settings/").content.decode()
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize("code", sorted(set(HAPPENINGS) - {"digest"}))
def test_every_notice_says_of_which_case_it_speaks(code: str, cast: Cast) -> None:
    facts = {"clock": "CMP15", "percent": 90, "due": "10-13", "item": "", "count": 12, "why": "x"}
    notice = Notice(code=code, case=factory.complaint(cast), user=cast.handler.user, facts=facts)

    said = sentence_of(notice)
    assert notice.case.number in said and len(said) > len(notice.case.number) + 3
