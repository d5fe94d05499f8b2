"""What the database refuses about litigations, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cases.bundles.models import Bundle
from cases.litigation.models import Draft, Hearing, LimitationFact, Litigation, Seal
from jike.accounts.roles import machine_actor
from jike.base.ids import uuid7
from jike.verbs import verb_named
from tests.factories import complaints
from tests.factories import litigations as factory
from tests.factories.complaints import RECEIVED
from tests.matrices import refused_by_the_database as refused
from tests.people import Cast

LATER = RECEIVED + timedelta(days=90)


def moved(case: Litigation, state: str, **fields: Any) -> None:
    """Into `state` past every rule, with the event and the entry that any move needs."""
    row = Litigation.locked(case.pk)
    row.__dict__["state"] = state
    for name, value in fields.items():
        setattr(row, name, value)
    row.record(verb_named("litigation.close"), actor=machine_actor("clock"), now=LATER, key="")


def sql(statement: str, *params: Any) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)

    return run


@pytest.mark.parametrize(
    ("at", "state", "fields", "words"),
    [
        ("assessing", "collecting", {}, "without assessment"),
        ("assessed", "settled", {}, "without assessment"),
        ("ready", "sealed", {}, "no final papers"),
        ("sealed", "filed", {}, "never handed in"),
        ("filed", "docketed", {}, "no number"),
        ("docketed", "judged", {}, "no judgment"),
        ("judged_small", "appealing", {"appealed_on": factory.SERVED}, "cannot be appealed"),
        ("judged", "appealing", {}, "cannot be appealed"),
        ("judged", "effective", {}, "no judgment in force"),
        ("effective", "enforcing", {}, "nothing to enforce"),
        ("collecting", "investigating", {}, "case_litigation_state"),
    ],
)
def test_no_state_without_what_it_stands_on(
    at: str, state: str, fields: dict[str, Any], words: str, cast: Cast
) -> None:
    case = factory.litigation(cast, at=at)

    refused(lambda: moved(case, state, **fields), words)


def test_a_litigation_keeps_its_origin_and_is_never_deleted(cast: Cast) -> None:
    case = factory.litigation(cast, at="docketed")

    refused(
        sql("UPDATE litigation_litigation SET is_mediated_outside = true WHERE case_ptr_id = %s", case.pk),
        "never changes",
    )
    refused(
        sql("UPDATE litigation_litigation SET matter_id = %s WHERE case_ptr_id = %s", case.pk, case.pk), "never changes"
    )
    refused(sql("DELETE FROM litigation_litigation WHERE case_ptr_id = %s", case.pk), "never deleted")
    refused(sql("UPDATE cases_case SET state = 'closed' WHERE id = %s", case.pk), "without its event")


@pytest.mark.parametrize(
    "table", ["enclosure", "confirmation", "seal", "served", "sum", "draft", "hearing", "limitationfact"]
)
def test_history_is_neither_deleted_nor_emptied(table: str, cast: Cast) -> None:
    factory.litigation(cast, at="hearing")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(sql(f"TRUNCATE litigation_{table} CASCADE"), "append-only|never changes")


def test_rows_are_told_once_and_never_changed(cast: Cast) -> None:
    case = factory.litigation(cast, at="hearing")
    draft, seal = Draft.objects.filter(case=case).first(), Seal.objects.get(case=case)
    hearing, fact = Hearing.objects.get(case=case), LimitationFact.objects.get(case=case)
    assert draft is not None

    refused(lambda: Draft.objects.filter(pk=draft.pk).update(version=9), "never changes")
    refused(lambda: Draft.objects.filter(pk=draft.pk).delete(), "never changes")
    refused(lambda: Seal.objects.filter(pk=seal.pk).update(version=2), "append-only")
    refused(lambda: Hearing.objects.filter(pk=hearing.pk).update(came="off"), "never changes")
    refused(lambda: LimitationFact.objects.filter(pk=fact.pk).update(happened_on="2026-01-01"), "never changes")
    LimitationFact.objects.filter(pk=fact.pk).update(until="2026-12-01")
    refused(lambda: LimitationFact.objects.filter(pk=fact.pk).update(until="2026-12-02"), "never changes")


def test_a_seal_needs_the_consumers_word_and_a_bound_bundle_of_the_matter(cast: Cast) -> None:
    case = factory.litigation(cast, at="ready")
    confirmation = case.confirmations.get()
    bundle = Bundle.objects.get(case_id=case.matter_id)
    given = {"case": case, "version": 1, "confirmation": confirmation, "bundle": bundle, "sealed_at": LATER}

    def sealed(**more: Any) -> Callable[[], object]:
        return lambda: Seal.objects.create(id=uuid7(), **(given | {"papers_sha256": bytes(confirmation.sha256)} | more))

    refused(sealed(papers_sha256=bytes(32)), "only papers the consumer confirmed")
    other = factory.litigation(
        cast, at="ready", origin=complaints.complaint(cast, at="investigating", phone="13900139000")
    )
    refused(sealed(bundle=Bundle.objects.get(case_id=other.matter_id)), "only papers the consumer confirmed")
    refused(sealed(confirmation=other.confirmations.get()), "only papers the consumer confirmed")
