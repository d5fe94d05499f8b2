"""What the database refuses about recordings, whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jike.base.errors import Refused
from jike.base.ids import uuid7
from lending.models import Recording, RecordingPart, Script
from lending.recordings import actions
from tests.factories import recordings as factory
from tests.factories.recordings import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _transcriber(settings: Any) -> None:
    settings.TRANSCRIPT_URL, settings.DEMO = "pretend:", True


def refuses(sql: str, *params: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_state_needs_its_event() -> None:
    row = factory.begun()
    refuses("UPDATE lending_recording SET state = 'checking', finished_at = now() WHERE id = %s", row.pk)
    refuses("UPDATE lending_recording SET version = version + 1 WHERE id = %s", row.pk)
    refuses("DELETE FROM lending_recording WHERE id = %s", row.pk)


@pytest.mark.parametrize(
    "table", ["contract", "recordingevent", "recordingconsent", "recordingmark", "recordingcheck", "recordinglook"]
)
def test_what_was_kept_stays(table: str) -> None:
    factory.passed()
    if table == "recordinglook":
        row = factory.checked(factory.film(25, seed=4), application="HT-R-9")
        actions.watch_recording(row, actor=factory.people()["anna"].actor, now=NOW, reason="质检")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM lending_{table}")
        assert cursor.fetchone()[0] > 0
    column = "application" if table == "contract" else "recording_id"
    refuses(f"UPDATE lending_{table} SET {column} = {column}")
    refuses(f"DELETE FROM lending_{table}")


def test_what_was_judged_and_what_was_read_stays() -> None:
    row = factory.passed()
    refuses("UPDATE lending_recording SET failures = '{}', flags = '{x}' WHERE id = %s", row.pk)
    refuses("UPDATE lending_recording SET said = 'x' WHERE id = %s", row.pk)
    refuses(
        "UPDATE lending_recordingpart SET file_sha256 = decode(repeat('00', 32), 'hex') WHERE recording_id = %s", row.pk
    )


def test_no_part_before_consent() -> None:
    row = factory.scheduled()
    part = RecordingPart(id=uuid7(), recording=row, number=1, origin="camera", began_at=NOW, touched_at=NOW)
    with pytest.raises(IntegrityError, match="before consent"), transaction.atomic():
        part.save(force_insert=True)


def test_a_script_is_approved_by_another_and_stays() -> None:
    factory.starter()
    who = factory.people()
    given = {"consent_text": "同意？", "alternative_text": "到门店。", "sentences": factory.SENTENCES}
    draft = actions.draft_script(code="JB-2", effective_on=date(2026, 12, 1), actor=who["sue"].actor, now=NOW, **given)

    with pytest.raises(Refused) as own:
        actions.approve_script(draft.pk, actor=who["sue"].actor, now=NOW)
    assert [blocker.code for blocker in own.value.blockers] == ["actor.drafted_it"]
    refuses(
        "UPDATE lending_script SET approved_at = now(), approved_by = drafted_by, approved_person = drafted_person WHERE id = %s",
        draft.pk,
    )
    actions.approve_script(draft.pk, actor=who["tom"].actor, now=NOW)
    refuses("UPDATE lending_script SET consent_text = 'x' WHERE id = %s", draft.pk)
    assert Script.objects.get(pk=draft.pk).effective_on == date(2026, 12, 1)


def test_a_script_without_its_sentences_or_blanks_is_none() -> None:
    factory.starter()
    sue = factory.people()["sue"].actor
    given = {"consent_text": "同意？", "alternative_text": "到门店。", "effective_on": date(2026, 12, 1)}

    def codes(sentences: Any) -> set[str]:
        with pytest.raises(Refused) as refused:
            actions.draft_script(code="JB-3", sentences=sentences, actor=sue, now=NOW, **given)
        return {blocker.code for blocker in refused.value.blockers}

    assert codes(factory.SENTENCES[:4]) == {"sentence.missing"}
    fixed = [{**factory.SENTENCES[0], "text": "我自愿申请分期12,000元，分{months}期。"}, *factory.SENTENCES[1:]]
    assert codes(fixed) == {"blank.missing"}
    assert codes([{**factory.SENTENCES[0], "text": "{amount}{months}{secret}"}, *factory.SENTENCES[1:]]) == {
        "blank.unknown"
    }
    assert codes("x") == {"sentences.count"}


def test_nobody_who_recorded_judges_even_by_sql() -> None:
    who = factory.people()
    row = factory.begun("counter", who["ben"].actor)
    part = factory.captured(row, actor=who["ben"].actor)
    factory.read(row, part, who["ben"].actor)
    actions.finish_recording(row, actor=who["ben"].actor, now=NOW)
    factory.work()
    if Recording.objects.get(pk=row.pk).state == "checking":
        actions.watch_recording(Recording.objects.get(pk=row.pk), actor=who["ben"].actor, now=NOW, reason="自查")
    refuses(
        "INSERT INTO lending_recordingverdict (recording_id, is_passed, cleared, faults, reason, decided_by, decided_person, decided_at)"
        " VALUES (%s, true, '{}', '{}', 'x', %s, %s, now())",
        row.pk, who["ben"].user.pk, who["ben"].user.person,
    )  # fmt: skip
