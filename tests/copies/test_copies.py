"""Who gets what of a paper: decisions version by version, copies made by a worker, and what the database refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cases.complaints import actions
from cases.copies import covering as coverings
from cases.copies.acts import COPY_TOPIC
from cases.copies.models import CoveredCopy, Covering, Pages, Preview
from cases.copies.paging import made
from cases.copies.queries import copy_for, undecided
from cases.evidence.models import Item
from cases.models import Event
from jike.base.errors import Refused
from jike.files import kinds, store
from jike.files.covers import Area
from jike.files.texts import words_of_pdf
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from tests.attachments import pdfs
from tests.copies.conftest import LATER, PHONE, SOMEWHERE, telling_paper
from tests.evidence.conftest import Register, register_of

Decide = Callable[..., Covering]
EVERYTHING = [Area(1, 0.0, 0.0, 1.0, 1.0, "other")]


def work(topic: str = COPY_TOPIC) -> None:
    with transaction.atomic():
        run_jobs(Job.objects.filter(topic=topic, state="ready").values_list("pk", flat=True))


def codes(case: Any, audience: str) -> list[str]:
    return [one.code for one in undecided(case, audience)]


def test_staff_and_authorities_get_the_pages_and_others_nothing_until_somebody_decides(
    register: Register, item: Item
) -> None:
    pages = made(item.attachment)
    assert pages is not None

    for audience in ("staff", "authority"):
        copy = copy_for(item.attachment, audience)
        assert copy is not None and (copy.file, copy.count, copy.is_redacted) == (pages.file, 1, False)
        assert copy.sha256 == bytes(pages.file.sha256).hex() and codes(register.case, audience) == []  # type: ignore[union-attr]
    for audience in ("consumer", "merchant"):
        assert copy_for(item.attachment, audience) is None
        assert [(one.item.pk, one.code) for one in undecided(register.case, audience)] == [(item.pk, "areas.undecided")]


def test_a_finding_that_nothing_is_to_be_covered_gives_the_pages_to_that_audience_alone(
    item: Item, decide: Decide
) -> None:
    decide(None, "consumer")

    copy = copy_for(item.attachment, "consumer")
    assert copy is not None and not copy.is_redacted and copy.file == made(item.attachment).file  # type: ignore[union-attr]
    assert copy_for(item.attachment, "merchant") is None


def test_the_copy_is_made_by_a_worker_and_the_newest_areas_hold(register: Register, item: Item, decide: Decide) -> None:
    first = decide(SOMEWHERE)
    assert copy_for(item.attachment, "merchant") is None and codes(register.case, "merchant") == ["copy.waiting"]
    work()
    one = copy_for(item.attachment, "merchant")
    assert one is not None and one.is_redacted and one.count == 1

    second = decide(EVERYTHING)
    assert (first.version, second.version) == (1, 2) and copy_for(item.attachment, "merchant") is None
    work()
    other = copy_for(item.attachment, "merchant")
    assert other is not None and other.sha256 != one.sha256 and codes(register.case, "merchant") == []
    assert PHONE not in words_of_pdf(store.read(other.file)).text
    assert PHONE in words_of_pdf(store.read(item.attachment.file)).text, "the original is as it came"
    decide(None)
    assert copy_for(item.attachment, "merchant").file == made(item.attachment).file  # type: ignore[union-attr]


def test_an_authority_gets_what_was_covered_for_it(item: Item, decide: Decide) -> None:
    decide(EVERYTHING, "authority")
    assert copy_for(item.attachment, "authority") is None
    work()
    assert copy_for(item.attachment, "authority").is_redacted  # type: ignore[union-attr]
    assert copy_for(item.attachment, "staff").is_redacted is False  # type: ignore[union-attr]


def test_a_copy_that_gives_something_away_is_not_kept_and_the_job_says_so(
    register: Register, item: Item, decide: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(SOMEWHERE)
    monkeypatch.setattr("jike.files.covers.trouble_of", lambda copy, areas: "words")
    work()

    job = Job.objects.get(topic=COPY_TOPIC)
    assert (job.state, job.last_error) == ("dead", "copy.words")
    assert not CoveredCopy.objects.exists() and codes(register.case, "merchant") == ["copy.failed"]


def test_what_has_no_pages_is_nothing_to_decide(cast) -> None:
    register = register_of(cast, papers=0)
    register.paper(b"#!AMR\n" + bytes(100), kind=kinds.AMR)
    register.do("register")
    assert codes(register.case, "merchant") == ["pages.waiting"]

    from cases.copies import paging

    paging.make(register.item("1").attachment, now=LATER)
    assert codes(register.case, "merchant") == [] and copy_for(register.item("1").attachment, "staff") is None
    given = {"actor": cast.handler.actor, "now": LATER, "item": register.item("1"), "audience": "merchant"}
    with pytest.raises(Refused) as refused:
        actions.release_evidence(register.case, **given)
    assert [blocker.code for blocker in refused.value.blockers] == ["pages.none"]


def test_registering_makes_the_pages_and_draws_them(cast) -> None:
    register = register_of(cast, papers=0)
    register.paper(telling_paper(), kind=kinds.PDF)
    register.do("register")
    work("copies.make_pages")
    work("copies.make_preview")

    preview = Preview.objects.get(pages__attachment=register.item("1").attachment)
    assert len(preview.ends) == 2 and {row[5] for row in preview.found} >= {"phone", "id_number", "card", "address"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"areas": []}, "areas.missing"), ({"areas": [SOMEWHERE[0]._replace(page=2)]}, "areas.impossible"),
        ({"areas": [SOMEWHERE[0]._replace(x=0.9)]}, "areas.impossible"), ({"areas": [SOMEWHERE[0]._replace(width=0)]}, "areas.impossible"),
        ({"areas": [SOMEWHERE[0]._replace(kind="name")]}, "areas.impossible"), ({"areas": SOMEWHERE * 1_001}, "areas.too_many"),
        ({"audience": "staff"}, "audience.unknown"), ({"audience": "press"}, "audience.unknown"),
    ],
)  # fmt: skip
def test_areas_lie_on_pages_and_are_for_somebody(
    register: Register, item: Item, changed: dict[str, Any], code: str
) -> None:
    given = {
        "actor": register.cast.handler.actor,
        "now": LATER,
        "item": item,
        "audience": "merchant",
        "areas": SOMEWHERE,
    }
    with pytest.raises(Refused) as refused:
        actions.redact_evidence(register.case, **given | changed)
    assert [blocker.code for blocker in refused.value.blockers] == [code] and not Covering.objects.exists()
    actions.redact_evidence(register.case, **given)


def test_an_item_of_another_case_is_refused(register: Register, item: Item) -> None:
    other = register_of(register.cast, papers=1)
    other.do("register")
    given = {"actor": register.cast.handler.actor, "now": LATER, "audience": "merchant"}
    for act, more in ((actions.redact_evidence, {"areas": SOMEWHERE}), (actions.release_evidence, {})):
        with pytest.raises(Refused) as refused:
            act(other.case, **given, item=item, **more)
        assert [blocker.code for blocker in refused.value.blockers] == ["item.elsewhere"]


def test_the_event_tells_ids_and_numbers(register: Register, item: Item, decide: Decide) -> None:
    decide(SOMEWHERE)
    told = Event.objects.get(verb="complaints.redact_evidence").data
    assert told == {"paper": str(item.pk), "audience": "merchant", "covering": 1, "areas": 1}


def refused(sql: str, *values: Any, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_keeps_what_was_said_and_made(register: Register, item: Item, decide: Decide, drawn: Item) -> None:
    covering = decide(SOMEWHERE)
    work()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    for table in ("covering", "coveredcopy", "preview", "pages"):
        refused(f"DELETE FROM copies_{table}", match="append-only")
        refused(f"TRUNCATE copies_{table} CASCADE", match="append-only")
    for change in (
        "covering SET areas = '[]'",
        "coveredcopy SET count = 2",
        "preview SET found = '[]'",
        "pages SET count = 2",
    ):
        refused(f"UPDATE copies_{change}", match="append-only")

    def again(match: str, **changed: Any) -> None:
        names = ("item_id", "case_id", "audience", "version", "pages_id", "areas", "decided_by", "decided_at")
        row = {name: getattr(covering, name) for name in names} | {"version": 2, "areas": "[]"} | changed
        sql = f"INSERT INTO copies_covering (id, {', '.join(names)}) VALUES (gen_random_uuid(), {', '.join(['%s'] * len(names))})"
        refused(sql, *(row[name] for name in names), match=match)

    other = register_of(register.cast, papers=1)
    other.do("register")
    again("no gap", version=3)
    again("not the pages", item_id=other.items()[0].pk)
    again("not the pages", case_id=other.case.pk)
    again("areas are a list", areas="{}")
    again("covering_for_whom", audience="staff", version=1)


def test_the_database_takes_no_other_file_for_a_copy(register: Register, item: Item, decide: Decide) -> None:
    covering, clear = decide(SOMEWHERE), decide(None, "consumer")
    pages = Pages.objects.get(attachment=item.attachment)
    elsewhere = register_of(register.cast, papers=1).case
    foreign = store.put(elsewhere.pk, b"%PDF", media_type=kinds.PDF, display_name="x.pdf", now=LATER)
    own = store.put(register.case.pk, b"%PDF", media_type=kinds.PDF, display_name="x.pdf", now=LATER)
    sql = "INSERT INTO copies_coveredcopy (covering_id, file_id, count, made_at) VALUES (%s, %s, %s, now())"

    for which, file, count in ((covering, foreign, 1), (covering, pages.file, 1), (covering, own, 2), (clear, own, 1)):
        refused(sql, which.pk, file.pk, count, match="of the pages and the case")  # type: ignore[union-attr]
    assert coverings.make_copy(covering, now=LATER).count == 1


def test_a_copy_made_twice_is_one(item: Item, decide: Decide) -> None:
    covering = decide(SOMEWHERE)
    assert coverings.make_copy(covering, now=LATER).file == coverings.make_copy(covering, now=LATER).file
    assert CoveredCopy.objects.count() == 1


def test_a_page_that_cannot_be_drawn_is_on_record(cast) -> None:
    from cases.copies import previews

    register = register_of(cast, papers=0)
    paper = register.paper(telling_paper(), kind=kinds.PDF)
    file = store.put(register.case.pk, pdfs.locked(), media_type=kinds.PDF, display_name="pages.pdf", now=LATER)
    pages = Pages.objects.create(attachment=paper, recipe=1, outcome="drawn", file=file, count=1, made_at=LATER)
    assert previews.draw(pages, now=LATER).file is None
