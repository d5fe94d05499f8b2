"""No passed recording, no permission: every reason is named, over the API and by the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jike.base.errors import Refused
from jike.base.ids import uuid7
from lending.models import Permission, Recording
from lending.recordings import actions, gate, policy
from tests.factories import recordings as factory
from tests.factories.recordings import APPLICATION, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _transcriber(settings: Any) -> None:
    settings.TRANSCRIPT_URL, settings.DEMO = "pretend:", True


def ask(**changes: Any) -> Permission:
    values = factory.contract_values()
    return actions.permit_disbursement(APPLICATION, values | changes, actor=factory.program(), now=NOW)


def reasons(**changes: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        ask(**changes)
    return {blocker.code for blocker in refused.value.blockers}


@pytest.mark.rule("R56")
def test_every_state_before_passing_keeps_the_gate_closed() -> None:
    factory.contract()
    assert reasons() == {"recording.missing"}
    row = factory.scheduled()
    assert reasons() == {"recording.scheduled"}
    row = actions.begin_recording(
        row, actor=factory.borrower(row), now=NOW, choice="face_and_voice", text_sha256=row.script.text_sha256
    )
    assert reasons() == {"recording.recording"}
    part = factory.captured(row)
    factory.read(row, part)
    actions.finish_recording(row, actor=factory.borrower(row), now=NOW)
    assert reasons() == {"recording.checking"}
    factory.work()
    row = Recording.objects.get(pk=row.pk)
    if row.state != "passed":
        assert reasons() == {"recording.checking", *row.flags}
        factory.decide(row, factory.people()["anna"])

    given = ask()
    assert (given.basis, given.recording_id) == ("recorded", row.pk)
    assert ask().pk == given.pk


@pytest.mark.rule("R56")
def test_another_amount_closes_the_gate() -> None:
    factory.passed()

    assert reasons(principal_cents=1_200_001) == {"contract.differs"}
    assert reasons(term_months=24, merchant="x") == {"contract.differs"}
    factory.contract(principal_cents=1_300_000)
    assert reasons() == {"contract.differs", "contract.changed", "script.differs"}
    assert reasons(principal_cents=1_300_000) == {"contract.changed", "script.differs"}


@pytest.mark.rule("R58")
def test_a_student_found_after_the_recording_closes_the_gate_until_a_person_answers() -> None:
    factory.passed()
    assert ask().basis == "recorded"

    factory.contract(student_hit=True)
    assert reasons() == {"contract.changed", "person.student"}


@pytest.mark.rule("R58")
def test_young_blocks_until_a_person_has_answered_exactly_that() -> None:
    row = factory.checked(id_number=factory.identity("20050102"))
    assert "person.young" in reasons()

    failed = factory.decide(row, factory.people()["anna"], passed=False, faults=("person.young",))
    assert failed.state == "failed"
    assert {"verdict.failed", "person.young"} <= reasons()


@pytest.mark.rule("R58")
def test_young_and_answered_opens_the_gate() -> None:
    factory.passed(id_number=factory.identity("20050102"))

    assert ask().basis == "recorded"


def test_a_failed_recording_names_why() -> None:
    row = factory.scheduled()
    actions.decline_recording(row, actor=factory.borrower(row), now=NOW, text_sha256=row.script.text_sha256)

    assert reasons() == {"consent.declined"}


def test_where_the_rule_does_not_apply_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told = factory.contract()
    (current,) = policy.versions()
    for change, words in (
        ({"needs": {"remote": False, "in_person": True}}, "此种签约方式不要求双录。"),
        ({"exempt_terms": ("T-2026-08",)}, "条款 T-2026-08 不要求双录。"),
    ):
        other = factory.changed(current, **change)
        monkeypatch.setattr(policy, "versions", lambda other=other: (other,))
        standing = gate.standing_of(told, told.values, now=NOW)
        assert (standing.is_open, str(standing.exempt)) == (True, words)
    assert ask().basis == "not_needed"
    assert reasons(principal_cents=1) == {"contract.differs"}
    monkeypatch.setattr(policy, "versions", tuple)
    assert str(gate.standing_of(told, told.values, now=NOW).exempt) == "合同早于本规则施行。"


@pytest.mark.rule("R56")
def test_the_database_refuses_a_permission_without_a_passed_recording() -> None:
    row = factory.finished()
    given = {
        "contract": row.contract, "recording": row, "basis": "recorded", "policy_version": "2026-11",
        "given_at": NOW, "expires_at": NOW,
    }  # fmt: skip

    with pytest.raises(IntegrityError, match="no passed recording"), transaction.atomic():
        Permission(id=uuid7(), **given).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Permission(id=uuid7(), **given | {"recording": None}).save(force_insert=True)


def test_nobody_else_asks() -> None:
    factory.contract()
    with pytest.raises(Refused) as refused:
        actions.permit_disbursement(APPLICATION, {}, actor=factory.people()["sue"].actor, now=NOW)
    assert [blocker.code for blocker in refused.value.blockers] == ["actor.no_power"]
