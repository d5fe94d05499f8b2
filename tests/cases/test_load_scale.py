"""Complaints in numbers are like real ones: every guard lets them pass, every check finds them clean."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection

from cases.complaints.models import Complaint
from cases.invariants import breaches
from cases.models import Case, Event, Message
from cases.scale import people, stories
from cases.scale.narratives import narrative
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
