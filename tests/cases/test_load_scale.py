"""Complaints in numbers are like real ones: every guard lets them pass, every check finds them clean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, connections

from cases.complaints.models import Complaint
from cases.invariants import breaches
from cases.models import Case, Event, Message
from cases.scale import bare, people, stories
from cases.scale.narratives import narrative
from cases.search.indexing import index_cases
from cases.search.models import Piece
from jike import files, ledger
from jike.files.models import StoredFile
from jike.privacy import open_sealed

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def loaded(db: None) -> None:
    call_command("load_scale", cases=120, seed=3, stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the guards say at commit
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_story_is_the_same_each_time() -> None:
    first, again, other = stories.story(1, 7, now=NOW), stories.story(1, 7, now=NOW), stories.story(2, 7, now=NOW)

    assert (first.state, first.steps) == (again.state, again.steps)
    assert first.steps != other.steps


def test_stories_walk_the_machine_and_end_where_they_say() -> None:
    for n in range(500):
        told = stories.story(1, n, now=NOW)

        assert [step.before for step in told.steps] == ["", *(step.after for step in told.steps[:-1])]
        assert told.steps[-1].after == told.state
        assert [step.at for step in told.steps] == sorted(step.at for step in told.steps)
        assert told.steps[-1].at <= NOW


def test_seventeen_in_a_hundred_are_open() -> None:
    open_ones = sum(not stories.story(1, n, now=NOW).has_ended for n in range(3000))

    assert 0.15 < open_ones / 3000 < 0.19


def test_narratives_are_of_believable_length_and_phones_differ() -> None:
    lengths = [len(narrative(Random(n), 2026)) for n in range(200)]

    assert 100 < sum(lengths) / len(lengths) < 260
    assert len({people.phone(1, n) for n in range(1000)}) == 1000


def test_loaded_cases_are_whole_and_sealed(loaded: None) -> None:
    assert Case.objects.count() == Complaint.objects.count() == 120
    assert {"closed", "withdrawn"} < set(Case.objects.values_list("state", flat=True))
    assert list(ledger.verify()) == []
    assert list(breaches()) == []


def test_loaded_words_and_letters_open(loaded: None) -> None:
    complaint = Complaint.objects.filter(decision__isnull=False).first()
    message = Message.objects.first()
    stored = StoredFile.objects.first()

    assert "。" in open_sealed(complaint, "narrative")
    assert open_sealed(complaint.decision, "findings").startswith("经调取")
    assert open_sealed(message, "body")
    assert files.read(stored).startswith(b"%PDF-1.7")


def test_loading_again_adds_nothing_and_more_adds_the_rest(loaded: None) -> None:
    call_command("load_scale", cases=120, seed=3, stdout=StringIO())
    assert Case.objects.count() == 120

    call_command("load_scale", cases=130, seed=3, stdout=StringIO())
    assert Case.objects.count() == 130
    assert Event.objects.filter(seq=1).count() == 130


def test_the_tokens_of_loaded_words_are_those_of_filed_ones(loaded: None) -> None:
    before = dict(Piece.objects.values_list("id", "tokens"))

    index_cases(list(Case.objects.values_list("pk", flat=True)), anew=True)

    assert before == dict(Piece.objects.values_list("id", "tokens"))


def load(*, bare: bool = True, **options: int) -> str:
    """A load that takes everything down after the first batch; the database must be one's own."""
    out = StringIO()
    connections.close_all()
    call_command("load_scale", stdout=out, bare=bare, **options)
    return out.getvalue()


# Read back, a condition of an index is written with its casts elsewhere; it says the same.
SCHEMA = r"""
    SELECT regexp_replace(indexdef, '::(character varying|text)(\[\])?|[()]', '', 'g') FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || condeferred::text FROM pg_constraint
    UNION ALL SELECT tgrelid::regclass || ' ' || tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT tgrelid::regclass || ' ' || count(*) FROM pg_trigger WHERE tgisinternal GROUP BY tgrelid
    ORDER BY 1
"""


def schema() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return [row[0] for row in cursor.fetchall()]


def test_a_load_without_guards_is_as_whole_and_leaves_the_tables_as_they_were(
    own_database: str, django_db_blocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.management.commands.load_scale.BATCH", 20)
    with django_db_blocker.unblock():
        before = schema()

        said = load(cases=90, processes=2)

        assert schema() == before
        assert Case.objects.count() == 90
        assert list(ledger.verify()) == [] and list(breaches()) == []
        assert "invariants hold" in said


def taken_down_and_broken(take_down: Callable[[], None] = bare.take_down) -> None:
    take_down()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE cases_number_complaint RENAME TO gone")


def test_a_load_that_fails_puts_everything_back(
    own_database: str, django_db_blocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.management.commands.load_scale.BATCH", 20)
    with django_db_blocker.unblock():
        before = schema()
        monkeypatch.setattr("cases.scale.bare.take_down", taken_down_and_broken)

        with pytest.raises(ProgrammingError):
            load(cases=60)

        assert schema() == before


def test_a_load_that_was_killed_is_put_back_by_the_next(own_database: str, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        before = schema()
        bare.take_down()
        assert schema() != before

        load(cases=5, bare=False)

        assert schema() == before
        assert Case.objects.count() == 5


def test_rows_that_refer_to_nothing_are_refused_when_keys_come_back(own_database: str, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        load(cases=5, bare=False)
        bare.take_down()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_event SET case_id = gen_random_uuid() WHERE seq = 1")

        with pytest.raises(IntegrityError):
            bare.put_back()

        assert bare.is_down()


def test_nothing_is_taken_down_while_somebody_else_is_connected(
    own_database: str, django_db_blocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.management.commands.load_scale.BATCH", 5)
    with django_db_blocker.unblock():
        other = connection.copy()
        other.connect()

        with pytest.raises(CommandError, match="Somebody else"):
            load(cases=10)

        other.close()
        assert not bare.is_down()
