"""What the database refuses about police reports, whoever asks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from cases.clocks.models import Clock
from cases.police import actions
from cases.police.models import (
    Confirmation,
    Loss,
    Material,
    Pack,
    PackFile,
    PackRelease,
    PackTaking,
    PoliceReport,
    Statement,
)
from jike.accounts.roles import machine_actor
from jike.base.ids import uuid7
from jike.verbs import verb_named
from tests.factories import complaints as complaint_factory
from tests.factories import police as factory
from tests.factories.complaints import RECEIVED
from tests.matrices import refused_by_the_database as refused
from tests.people import Cast

LATER = RECEIVED + timedelta(days=1)


def moved(case: PoliceReport, state: str) -> None:
    """Into `state` past every rule, with the event and the entry that any move needs."""
    row = PoliceReport.locked(case.pk)
    row.__dict__["state"] = state
    row.record(verb_named("police.close"), actor=machine_actor("clock"), now=LATER, key="")


def test_a_state_of_another_kind_or_without_its_event_is_none(cast: Cast) -> None:
    case = factory.report(cast, at="ready")

    refused(lambda: moved(case, "investigating"), "case_police_report_state")
    refused(lambda: PoliceReport.objects.filter(pk=case.pk).update(ended_at=LATER), "without its event")
    with connection.cursor() as cursor:
        sql = "UPDATE cases_case SET state = 'closed' WHERE id = %s"
        refused(lambda: cursor.execute(sql, [case.pk]), "without its event")
        sql = "DELETE FROM police_policereport WHERE case_ptr_id = %s"
        refused(lambda: cursor.execute(sql, [case.pk]), "never deleted")


@pytest.mark.parametrize(
    ("at", "state", "words"),
    [
        ("stated", "ready", "not complete"),
        ("complete", "reported", "no receipt"),
        ("ready", "docketed", "no receipt"),
        ("ready", "closed", "no receipt"),
        ("reported", "docketed", "under no number"),
        ("reported", "not_docketed", "refused by no notice"),
        ("not_docketed", "reconsidering", "only an accuser"),
        ("refused_reporter", "reconsidering", "only an accuser"),
        ("reconsidering", "rereviewing", "follows a reconsideration"),
    ],
)
def test_no_state_without_what_it_means(at: str, state: str, words: str, cast: Cast) -> None:
    case = factory.report(cast, at=at)

    refused(lambda: moved(case, state), words)


def test_ready_needs_the_confirmation_of_the_latest_words(cast: Cast) -> None:
    case = factory.report(cast, at="complete")
    given = {"case": case, "version": 2, "facts": "x", "sha256": bytes(32), "drafted_by": cast.handler.user}

    def newer() -> None:
        Statement.objects.create(**given, drafted_at=LATER)
        moved(case, "ready")

    refused(newer, "not complete")
    refused(lambda: Statement.objects.create(**given | {"version": 3}, drafted_at=LATER), "is the next")


def test_ready_needs_a_statement_that_knew_the_losses(cast: Cast) -> None:
    case = factory.report(cast, at="complete")
    actions.add_loss(case, actor=cast.handler.actor, now=LATER, **factory.LOSS)

    refused(lambda: moved(case, "ready"), "changed after the statement")


def test_origin_capacity_and_receipt_stay(cast: Cast) -> None:
    case = factory.report(cast, at="reported")
    other = factory.complaint(cast, phone="13900139000")
    rows = PoliceReport.objects.filter(pk=case.pk)

    refused(lambda: rows.update(origin=other), "origin .* never changes")
    for change in ({"capacity": "reporter"}, {"receipt_no": "2号"}, {"organ": "x"}, {"reported_by": "house"}):
        refused(lambda change=change: rows.update(**change), "never changes once there is a receipt")


def test_only_an_accuser_has_days_for_a_remedy(cast: Cast) -> None:
    case = factory.report(cast, at="refused_reporter")
    given = {"code": "RECON", "family": "RECON", "rule_version": "2020", "duty": "party"}

    def start() -> None:
        Clock.objects.create(case_id=case.pk, **given, started_at=RECEIVED, due_at=LATER, created_at=RECEIVED)

    refused(start, "only an accuser has days")


def test_the_sum_is_that_of_the_table_and_rows_are_struck_once(cast: Cast) -> None:
    case = factory.report(cast, at="stated")
    loss = case.losses.get()
    rows = Loss.objects.filter(pk=loss.pk)

    def otherwise() -> None:
        row = PoliceReport.locked(case.pk)
        row.amount_cny = Decimal("1.00")
        row.record(verb_named("police.add_loss"), actor=machine_actor("clock"), now=LATER, key="")

    refused(otherwise, "not the sum")
    for change in ({"amount_cny": Decimal(9)}, {"occurred_on": date(2026, 1, 1)}, {"channel": "cash"}, {"seq": 9}):
        refused(lambda change=change: rows.update(**change), "struck once and otherwise stays")
    refused(rows.delete, "never deleted")
    refused(lambda: rows.update(struck_at=LATER), "loss_struck_by_somebody")
    refused(lambda: rows.update(struck_at=LATER, struck_by=cast.handler.user), "not the sum")
    actions.strike_loss(case, actor=cast.handler.actor, now=LATER, loss=loss, reason="x")
    refused(lambda: rows.update(struck_at=None, struck_by=None), "struck once")


def test_papers_of_the_list_are_of_the_origin_and_never_become_others(cast: Cast) -> None:
    case = factory.report(cast, at="complete")
    foreign = complaint_factory.examined(factory.complaint(cast, phone="13900139000"))
    rows = Material.objects.filter(case=case, code="contract")

    refused(lambda: rows.update(code="other"), "never changes")
    refused(lambda: rows.update(state="open"), "never changes")
    refused(lambda: rows.update(paper=foreign), "one of the case it came from")
    refused(lambda: rows.update(state="lost"), "material_state_known")
    refused(rows.delete, "never deleted")


def test_a_confirmation_is_of_the_latest_version_as_it_is(cast: Cast) -> None:
    case = factory.report(cast, at="stated")
    statement = case.versions.get()

    def confirm(**changed: object) -> None:
        given = {
            "statement": statement, "case": case, "sha256": bytes(statement.sha256), "challenge": uuid7(), "actor_kind": "consumer",
            "confirmed_at": LATER,
        } | changed  # fmt: skip
        Confirmation.objects.create(**given)

    refused(lambda: confirm(sha256=bytes(32)), "latest version")
    refused(lambda: confirm(challenge=None), "confirmation_by_code_or_shown")
    refused(lambda: confirm(challenge=None, actor_kind="staff"), "can be shown")
    confirm()
    refused(confirm, "confirmation_pkey|duplicate")
    refused(Confirmation.objects.all().delete, "append-only")
    refused(lambda: Statement.objects.update(version=9), "append-only")


def test_a_pack_says_for_whom_and_why_and_leaves_by_a_vote(cast: Cast) -> None:
    case = factory.report(cast, at="asked")
    pack = factory.last_pack(case)
    approval = case.approvals.get(verdict="")
    people = {"asked_by_person": approval.maker_person, "released_by_person": cast.supervisor.user.person}

    def another(**changed: object) -> None:
        given = {
            "case": case, "seq": 2, "recipient": "公安局", "basis": "consent", "reference": "录音", "purpose": "报案", "statement": pack.statement,
            "manifest": "{}", "manifest_sha256": bytes(32), "items": 0, "code": "T-1", "asked_by": uuid7(), "asked_by_person": uuid7(),
            "asked_at": LATER,
        } | changed  # fmt: skip
        Pack.objects.create(**given)

    for change in ({"recipient": ""}, {"basis": ""}):
        refused(lambda change=change: another(**change), "says for whom")

    def release(**changed: object) -> None:
        given = {"pack": pack, "case": case, "approval": approval, "released_at": LATER} | people | changed
        PackRelease.objects.create(**given)

    def take() -> None:
        given = {"given_to": "x", "taken_by": uuid7(), "taken_by_label": "x", "taken_at": LATER}
        PackTaking.objects.create(pack=pack, case=case, **given)

    refused(release, "vote of a second person")
    refused(take, "only a released pack")
    refused(lambda: Pack.objects.update(recipient="x"), "append-only")
    refused(PackFile.objects.all().delete, "append-only")
    case = factory.voted(case, cast, LATER)
    take()
    refused(PackTaking.objects.all().delete, "append-only")
    refused(PackRelease.objects.all().delete, "append-only")
