"""House policy: drafted by one, approved by another, in force from its day, never edited afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases.clocks import ledger as clocks
from cases.policy import actions, in_force
from cases.policy.models import PolicyVersion
from jike import ledger
from jike.base.dates import CST
from jike.base.errors import Refused
from tests.factories import complaints as factory
from tests.people import Cast, Staff, staff

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=CST)
TODAY = date(2026, 10, 1)
SHORTER = """
version: house-test
effective_from: 2026-10-08
length: 10
unit: calendar_day
end_rule: strict
duty: ours
pausable: [mediation, appraisal]
warn: [50, 75, 90]
next: {code: CMP30, needs: [reason]}
source: [O2020-3 art 18]
"""


@pytest.fixture
def approver(cast: Cast) -> Staff:
    return staff("secadmin", "security_admin", unit=cast.unit)


def draft(cast: Cast, **given: object) -> PolicyVersion:
    words = {"subject": "reply", "code": "hello", "title": "问候", "content": "{姓名}您好。", "effective_from": TODAY}
    return actions.draft_policy(actor=cast.supervisor.actor, now=NOW, **(words | given))


def proposed(cast: Cast, **given: object) -> PolicyVersion:
    return actions.propose_policy(draft(cast, **given), actor=cast.supervisor.actor, now=NOW)


def approved(cast: Cast, approver: Staff, **given: object) -> PolicyVersion:
    made = proposed(cast, **given)
    with transaction.atomic():
        made = actions.approve_policy(made, actor=approver.actor, now=NOW, content_sha256=made.content_sha256)
    in_force.forget()
    return made


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {blocker.code for blocker in refused.value.blockers}


def test_an_approved_reply_is_in_force_from_its_day(cast: Cast, approver: Staff) -> None:
    approved(cast, approver, effective_from=TODAY + timedelta(days=1))

    assert in_force.replies(on=TODAY) == []
    assert [reply.text for reply in in_force.replies(on=TODAY + timedelta(days=1))] == ["{姓名}您好。"]


def test_the_author_may_not_approve_not_even_with_a_second_account(cast: Cast) -> None:
    made = proposed(cast)
    twin = staff("twin2", "security_admin", unit=cast.unit, person=cast.supervisor.user.person)

    with pytest.raises(Refused) as refused:
        actions.approve_policy(made, actor=twin.actor, now=NOW, content_sha256=made.content_sha256)

    assert codes_of(refused) == {"actor.own_work"}


def test_handlers_and_system_administrators_have_no_say(cast: Cast) -> None:
    made = proposed(cast)

    for somebody in (cast.handler, cast.auditor, staff("sys", "system_admin")):
        with pytest.raises(Refused) as refused:
            actions.approve_policy(made, actor=somebody.actor, now=NOW, content_sha256=made.content_sha256)
        assert "actor.no_power" in codes_of(refused)


def test_a_text_nobody_can_fill_is_refused_with_the_words_that_may_be_used(cast: Cast) -> None:
    made = draft(cast, content="{星座}您好")

    with pytest.raises(Refused) as refused:
        actions.propose_policy(made, actor=cast.supervisor.actor, now=NOW)

    assert codes_of(refused) == {"content.invalid"}
    assert "星座" in str(refused.value.blockers[0].message)


def test_what_was_read_is_what_is_approved(cast: Cast, approver: Staff) -> None:
    made = proposed(cast)

    with pytest.raises(Refused) as refused:
        actions.approve_policy(made, actor=approver.actor, now=NOW, content_sha256="0" * 64)

    assert codes_of(refused) == {"approval.changed"}


def test_nothing_takes_effect_backwards(cast: Cast, approver: Staff) -> None:
    with pytest.raises(Refused) as refused:
        draft(cast, effective_from=TODAY - timedelta(days=1))
    assert codes_of(refused) == {"effective_from.past"}

    made = proposed(cast)
    with pytest.raises(Refused) as late:
        actions.approve_policy(
            made, actor=approver.actor, now=NOW + timedelta(days=1), content_sha256=made.content_sha256
        )
    assert codes_of(late) == {"effective_from.past"}


def test_one_version_is_worked_on_at_a_time(cast: Cast) -> None:
    draft(cast)

    with pytest.raises(Refused) as refused:
        draft(cast)

    assert codes_of(refused) == {"policy.pending"}


@pytest.mark.rule("R74")
def test_a_new_time_limit_rules_new_cases_and_leaves_old_dates_alone(cast: Cast, approver: Staff) -> None:
    """R74: a case keeps the rule version of its receipt."""
    before = factory.file(now=datetime(2026, 10, 7, 12, 0, tzinfo=CST))
    due = before.next_due_at
    approved(cast, approver, subject="clock", code="CMP15", content=SHORTER, effective_from=date(2026, 10, 8))

    after = factory.file(now=datetime(2026, 10, 8, 0, 0, tzinfo=CST))

    before.refresh_from_db()
    assert before.next_due_at == due == datetime(2026, 10, 22, 23, 59, 59, tzinfo=CST)
    assert after.next_due_at == datetime(2026, 10, 18, 23, 59, 59, tzinfo=CST)
    assert [c.rule_version for c in clocks.clocks_of(after)] == ["house-test"]
    assert clocks.clocks_of(before)[0].rule.length == 15


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[", "YAML"),
        (SHORTER.replace("2026-10-08", "2026-10-09"), "effective_from"),
        (SHORTER.replace("length: 10", "length: 0"), "length"),
        (SHORTER.replace("strict", "sometimes"), "sometimes"),
        (SHORTER.replace("length: 10\n", ""), "length"),
    ],
)
def test_a_time_limit_that_contradicts_itself_is_refused(cast: Cast, content: str, told: str) -> None:
    made = draft(cast, subject="clock", code="CMP15", content=content, effective_from=date(2026, 10, 8))

    with pytest.raises(Refused) as refused:
        actions.propose_policy(made, actor=cast.supervisor.actor, now=NOW)

    assert codes_of(refused) == {"content.invalid"}
    assert told in str(refused.value.blockers[0].message)


def test_the_database_refuses_what_the_rules_refuse(cast: Cast, approver: Staff) -> None:
    made = approved(cast, approver)
    draft(cast, code="other")

    for statement in (
        f"UPDATE policy_policyversion SET content = 'x' WHERE id = '{made.pk}'",
        f"DELETE FROM policy_policyversion WHERE id = '{made.pk}'",
        "UPDATE policy_policyversion SET state = 'proposed' WHERE code = 'other'",
        "UPDATE policy_policyact SET reason = 'x'",
        "DELETE FROM policy_policyact",
        "UPDATE policy_policyversion SET state = 'approved', approver_person = author_person, approver_id = author_id, "
        "approved_at = now() WHERE code = 'other'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_act_is_sealed(cast: Cast, approver: Staff) -> None:
    made = approved(cast, approver)

    assert [act.verb for act in made.acts.all()] == ["policy.draft", "policy.propose", "policy.approve"]
    assert list(ledger.verify()) == []


def test_a_version_needs_a_name_of_its_own_and_a_later_day(cast: Cast, approver: Staff) -> None:
    approved(cast, approver, subject="clock", code="CMP15", content=SHORTER, effective_from=date(2026, 10, 8))
    again = SHORTER.replace("length: 10", "length: 12")

    for content, day in ((again, date(2026, 10, 9)), (again.replace("house-test", "other"), date(2026, 10, 8))):
        made = draft(
            cast, subject="clock", code="CMP15", content=content.replace("2026-10-08", str(day)), effective_from=day
        )
        with pytest.raises(Refused) as refused:
            actions.propose_policy(made, actor=cast.supervisor.actor, now=NOW)
        assert codes_of(refused) == {"content.invalid"}
        actions.drop_policy(made, actor=cast.supervisor.actor, now=NOW)


def test_a_clock_of_a_version_this_process_has_not_read_yet_is_explained(cast: Cast, approver: Staff) -> None:
    in_force.clock_rows()
    kept = in_force._kept.copy()
    approved(cast, approver, subject="clock", code="CMP15", content=SHORTER, effective_from=date(2026, 10, 8))
    case = factory.file(now=datetime(2026, 10, 8, 9, 0, tzinfo=CST))

    in_force._kept.clear()
    in_force._kept.update(kept)  # as in another process, which read the table a moment before the approval

    assert clocks.clocks_of(case)[0].rule.version == "house-test"
