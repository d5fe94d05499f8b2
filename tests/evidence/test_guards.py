"""What the database refuses about evidence, whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cases.evidence.models import Custody, Description, Item, Supersession
from jike.base.ids import uuid7
from tests.evidence.conftest import LATER, Register
from tests.factories import complaints as factory


def refused(sql: str, *values: Any, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_rows_are_never_removed_or_emptied(full: Register) -> None:
    full.do("supersede", item=full.item("1"), reason="x")
    full.do("lock")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused("DELETE FROM evidence_item", match="never removed")
    refused("TRUNCATE evidence_item CASCADE", match="never removed|append-only")
    for table in ("description", "supersession", "listlock", "custody"):
        refused(f"DELETE FROM evidence_{table}", match="append-only")
        refused(f"TRUNCATE evidence_{table} CASCADE", match="append-only")


@pytest.mark.parametrize(
    "change",
    [
        "evidence_description SET version = version + 10", "evidence_description SET title = title",
        "evidence_custody SET actor_label = 'nobody'", "evidence_custody SET at = now()",
    ],
)  # fmt: skip
def test_history_is_never_changed(full: Register, change: str) -> None:
    refused(f"UPDATE {change}", match="append-only")


def test_an_item_stays_that_of_its_paper(full: Register) -> None:
    late = full.paper()
    one = full.item("1")
    refused("UPDATE evidence_item SET attachment_id = %s WHERE attachment_id = %s", late.pk, one.pk, match="one paper")
    refused("UPDATE evidence_item SET registered_by = %s", uuid7(), match="one paper")
    refused("UPDATE evidence_item SET late = 1 WHERE number = 3", match="one paper")
    refused("UPDATE files_storedfile SET sha256 = sha256('') WHERE scope = %s", full.case.pk, match="written once")
    refused("UPDATE attachments_attachment SET file_id = file_id WHERE id = %s", one.pk, match="final")


def test_numbers_have_no_gap_and_stay_after_the_lock(full: Register) -> None:
    refused("UPDATE evidence_item SET number = 4 WHERE number = 3", match="gap")
    refused("UPDATE evidence_item SET number = number + 1", match="gap")
    refused("UPDATE evidence_item SET number = 1 WHERE number = 2", match="once|duplicate|gap")
    full.do("lock")
    refused("UPDATE evidence_item SET number = 4 - number", match="locked")


def written(
    register: Register, paper: Any, *, number: int, late: int, custody: bool = True, words: bool = True
) -> None:
    with transaction.atomic():
        given = {"case_id": register.case.pk, "registered_by": uuid7(), "registered_at": LATER}
        item = Item(attachment=paper, number=number, late=late, **given)
        item.save(force_insert=True)
        if words:
            said = {"case_id": register.case.pk, "title": "x", "written_by": uuid7(), "written_at": LATER}
            Description(item=item, version=1, **said).save(force_insert=True)
        if custody:
            from cases.evidence.custody import begin

            begin(paper, now=LATER)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_is_registered_past_the_actions_is_whole_or_refused(full: Register, cast: Any) -> None:
    paper = full.paper()
    other = factory.complaint(cast, at="claimed", phone="13900001111")
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (paper, {"number": 5, "late": 0}, "gap"),
        (paper, {"number": 4, "late": 1}, "letters"),
        (paper, {"number": 4, "late": 0, "custody": False}, "without custody"),
        (paper, {"number": 4, "late": 0, "words": False}, "without custody or description"),
        (full.paper(b"%PDF held", verdict="held"), {"number": 4, "late": 0}, "usable paper"),
        (factory.examined(other), {"number": 4, "late": 0}, "usable paper"),
    ]
    for given, place, match in cases:
        with pytest.raises(DatabaseError, match=match):
            written(full, given, **place)
    full.do("lock")
    with pytest.raises(DatabaseError, match="letters"):
        written(full, paper, number=4, late=0)
    with pytest.raises(DatabaseError, match="gap"):
        written(full, paper, number=3, late=2)
    written(full, paper, number=3, late=1)


def test_custody_is_dense_sealed_and_of_the_case(full: Register, cast: Any) -> None:
    item = full.item("1")
    other = factory.complaint(cast, at="claimed", phone="13900001111")
    given = {"attachment_id": item.pk, "actor_kind": "staff", "actor_label": "x", "at": LATER, "act": "viewed"}
    for row, match in (
        ({"seq": 2, "case_id": full.case.pk}, "without its ledger entry"),
        ({"seq": 3, "case_id": full.case.pk}, "no gap"),
        ({"seq": 1, "case_id": full.case.pk, "act": "collected"}, "no gap"),
        ({"seq": 2, "case_id": full.case.pk, "act": "collected"}, "begins_with_collection"),
        ({"seq": 2, "case_id": other.pk}, "another case"),
    ):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            Custody(**given | row).save(force_insert=True)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_words_and_supersessions_are_of_the_same_case_and_in_order(full: Register, cast: Any) -> None:
    from cases.complaints import actions

    other = factory.complaint(cast, at="claimed", phone="13900001111")
    factory.examined(other)
    actions.register_evidence(other, actor=cast.handler.actor, now=LATER)
    foreign, item = Item.objects.get(case_id=other.pk), full.item("1")
    said = {"title": "x", "written_by": uuid7(), "written_at": LATER}
    done = {"reason": "x", "done_by": uuid7(), "done_at": LATER}
    for row, match in (
        (Description(item=item, case_id=full.case.pk, version=3, **said), "no gap"),
        (Description(item=item, case_id=other.pk, version=2, **said), "another case"),
        (Description(item=item, case_id=full.case.pk, version=2, evidence_class="hearsay", **said), "class_known"),
        (Description(item=item, case_id=full.case.pk, version=2, page_from=2, page_to=1, **said), "pages_in_order"),
        (Supersession(item=item, case_id=other.pk, **done), "another case"),
        (Supersession(item=item, case_id=full.case.pk, by=foreign, **done), "another case"),
        (Supersession(item=item, case_id=full.case.pk, by=item, **done), "by_another"),
    ):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            row.save(force_insert=True)
