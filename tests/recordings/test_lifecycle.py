"""A recording from the contract to the verdict, and everything that is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from jike.base.errors import Refused
from jike.ledger import verify
from jike.outbox.models import DemoMessage, Job
from jike.privacy import open_sealed
from lending.models import Contract, Recording, RecordingCheck
from lending.recordings import actions, handlers, links, pieces, queries
from lending.recordings.pretend import pretended_webm
from tests.factories import recordings as factory
from tests.factories.recordings import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _transcriber(settings: Any) -> None:
    settings.TRANSCRIPT_URL, settings.DEMO = "pretend:", True


@pytest.fixture
def nobody_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    from lending.recordings import checks

    monkeypatch.setattr(checks, "is_drawn", lambda draw, policy: False)


def codes(refused: Any) -> set[str]:
    return {blocker.code for blocker in refused.value.blockers}


def test_a_script_is_filled_from_the_contract_alone() -> None:
    row = factory.scheduled()

    said = queries.said(row)
    merchant = row.contract.merchant.name
    assert said["values"] == row.contract.values
    assert [one["text"] for one in said["sentences"][:2]] == [
        "我自愿申请分期12,000.00元，分12期偿还。",
        f"这笔钱支付给{merchant}。",
    ]


def test_the_borrower_gets_a_link_that_stands_in_no_row() -> None:
    row = factory.scheduled()

    factory.work()
    text = open_sealed(DemoMessage.objects.get(channel="sms"), "text")
    token = links.token_of(row)
    assert f"/recording/{token}/" in text
    assert queries.recording_by_token(token, now=NOW).pk == row.pk
    assert token not in str(list(Job.objects.values("body", "dedupe_key")))
    with pytest.raises(queries.NotThere):
        queries.recording_by_token(token, now=NOW + timedelta(hours=73))

    newer = actions.issue_link(row, actor=factory.people()["anna"].actor, now=NOW)
    with pytest.raises(queries.NotThere):
        queries.recording_by_token(token, now=NOW)
    assert queries.recording_by_token(links.token_of(newer), now=NOW).pk == row.pk


def test_nothing_is_taken_before_consent_and_a_changed_question_is_asked_again() -> None:
    row = factory.scheduled()
    me = factory.borrower(row)

    with pytest.raises(Refused) as early:
        pieces.begin_part(row, actor=me, now=NOW)
    with pytest.raises(Refused) as other:
        actions.begin_recording(row, actor=me, now=NOW, choice="face_and_voice", text_sha256="0" * 64)
    with pytest.raises(Refused) as silent:
        actions.begin_recording(row, actor=me, now=NOW, choice="", text_sha256=row.script.text_sha256)

    assert codes(early) == {"recording.not_going"}
    assert codes(other) == {"consent.other_text"}
    assert codes(silent) == {"consent.missing"}
    begun = actions.begin_recording(row, actor=me, now=NOW, choice="face_and_voice", text_sha256=row.script.text_sha256)
    assert (begun.state, begun.consent.choice) == ("recording", "face_and_voice")
    assert pieces.begin_part(begun, actor=me, now=NOW).number == 1


def test_who_declines_is_offered_another_way_and_nothing_is_recorded() -> None:
    row = factory.scheduled()
    me = factory.borrower(row)

    ended = actions.decline_recording(row, actor=me, now=NOW, text_sha256=row.script.text_sha256)

    assert (ended.state, ended.failures, ended.consent.choice) == ("failed", ["consent.declined"], "declined")
    with pytest.raises(Refused):
        pieces.begin_part(ended, actor=me, now=NOW)


def test_the_voice_alone_is_taken_remotely_and_not_face_to_face() -> None:
    remote = factory.begun(choice="voice_only")
    assert remote.state == "recording"

    row = factory.scheduled(application="HT-R-2", signing="in_person")
    with pytest.raises(Refused) as refused:
        given = {"choice": "voice_only", "text_sha256": row.script.text_sha256}
        actions.begin_recording(row, actor=factory.borrower(row), now=NOW, **given)
    assert codes(refused) == {"consent.voice_only"}


def test_sentences_are_read_in_their_order_and_all_of_them() -> None:
    row = factory.begun()
    me, part = factory.borrower(row), pieces.begin_part(row, actor=factory.borrower(row), now=NOW)
    mark = {"began_ms": 500, "ended_ms": 4_000, "actor": me, "now": NOW}

    with pytest.raises(Refused) as ahead:
        actions.keep_mark(row, part, number=1, answer="read", **mark)
    with pytest.raises(Refused) as wrong:
        actions.keep_mark(row, part, number=0, answer="yes", **mark)
    with pytest.raises(Refused) as backwards:
        actions.keep_mark(row, part, number=0, answer="read", **mark | {"ended_ms": 100})
    assert (codes(ahead), codes(wrong), codes(backwards)) == (
        {"sentence.order"},
        {"answer.unknown"},
        {"mark.impossible"},
    )

    first = actions.keep_mark(row, part, number=0, answer="read", **mark)
    assert actions.keep_mark(row, part, number=0, answer="read", **mark).pk == first.pk
    again = actions.keep_mark(row, part, number=0, answer="read", **mark | {"ended_ms": 5_000})
    assert (again.attempt, queries.marks_of(row)[0].pk, queries.next_sentence(row)) == (2, again.pk, 1)
    with pytest.raises(Refused) as early:
        actions.finish_recording(row, actor=me, now=NOW)
    assert {"sentence.unread", "recording.incomplete"} <= codes(early)


@pytest.mark.rule("R56")
def test_a_clean_recording_passes_by_itself(nobody_drawn: None) -> None:
    row = factory.checked()

    found = RecordingCheck.objects.get(recording=row)
    assert (row.state, row.flags, row.failures) == ("passed", [], [])
    assert set(found.coverage.values()) == {100}
    part = row.parts.get()
    assert bytes(part.file.sha256) == bytes(part.file_sha256) and bytes(part.file.sm3) == bytes(part.file_sm3)
    assert list(verify()) == []


@pytest.mark.rule("R56")
@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"has_picture": False}, "recording.no_video"),
        ({"has_sound": False}, "recording.no_audio"),
        ({"seconds": 6}, "recording.short"),
    ],
)
def test_what_lacks_picture_sound_or_length_fails(how: dict[str, Any], code: str) -> None:
    row = factory.checked(pretended_webm(how.pop("seconds", 24), **how))

    assert row.state == "failed" and code in row.failures
    assert row.mend_by_on == date(2026, 12, 11)  # fifteen working days after 2026-11-20


@pytest.mark.parametrize(("how", "flag"), [({"silent": (3, 14)}, "sound.silent"), ({"hole": (4, 9)}, "picture.hole")])
def test_silence_and_holes_wait_for_a_person(how: dict[str, Any], flag: str, nobody_drawn: None) -> None:
    row = factory.checked(pretended_webm(24, **how))

    assert (row.state, row.waits_for_person, row.flags) == ("checking", True, [flag])


@pytest.mark.rule("R58")
def test_young_and_student_block_whatever_was_read(nobody_drawn: None) -> None:
    young = factory.checked(id_number=factory.identity("20050102"), student_hit=True)

    assert (young.state, young.flags) == ("checking", ["person.young", "person.student"])
    assert [mark.answer for mark in queries.marks_of(young).values()][2:] == ["yes", "yes", "yes"]


@pytest.mark.rule("R58")
def test_a_second_voice_waits_for_a_person(settings: Any, nobody_drawn: None) -> None:
    settings.TRANSCRIPT_URL = "pretend:second"

    assert factory.checked().flags == ["voice.second"]


def test_without_a_transcriber_a_person_listens(settings: Any, nobody_drawn: None) -> None:
    settings.TRANSCRIPT_URL = ""

    assert factory.checked().flags == ["coverage.unknown"]


def test_the_same_file_under_another_contract_fails(nobody_drawn: None) -> None:
    assert factory.checked().state == "passed"

    other = factory.checked(application="HT-R-2", name="李建国", phone="13900139000")
    assert (other.state, other.failures) == ("failed", ["recording.duplicate"])


def test_an_interrupted_recording_has_two_parts_and_a_person_looks(nobody_drawn: None) -> None:
    row = factory.begun()
    me = factory.borrower(row)
    first = pieces.begin_part(row, actor=me, now=NOW)
    content = factory.film(12)
    first = pieces.append(first, offset=0, piece=content, sha256=None, actor=me, now=NOW)
    actions.keep_mark(row, first, number=0, began_ms=500, ended_ms=4_000, answer="read", actor=me, now=NOW)

    second = factory.captured(row, factory.film(24, seed=7))
    factory.read(row, second, first=1)
    actions.finish_recording(row, actor=me, now=NOW)
    factory.work()

    row = Recording.objects.get(pk=row.pk)
    assert [part.state for part in row.parts.order_by("number")] == ["done", "done"]
    assert row.flags == ["recording.interrupted"]
    assert [mark.part.number for mark in queries.marks_of(row).values()] == [1, 2, 2, 2, 2]


def test_a_person_judges_what_somebody_else_recorded_after_a_look() -> None:
    who = factory.people()
    row = factory.begun("counter", who["ben"].actor)
    part = factory.captured(row, actor=who["ben"].actor)
    factory.read(row, part, who["ben"].actor)
    actions.finish_recording(row, actor=who["ben"].actor, now=NOW)
    factory.work()
    row = Recording.objects.get(pk=row.pk)
    row.flags = row.flags or ["sample.chosen"]
    given = {"passed": True, "cleared": list(row.flags), "faults": [], "reason": "与合同一致。"}

    with pytest.raises(Refused) as blind:
        actions.decide_recording(row, actor=who["anna"].actor, now=NOW, **given)
    with pytest.raises(Refused) as own:
        actions.decide_recording(row, actor=who["ben"].actor, now=NOW, **given)

    assert "actor.recorded_it" in codes(own)
    assert "actor.recorded_it" not in codes(blind)


def test_every_flag_is_answered_before_it_passes() -> None:
    anna = factory.people()["anna"].actor
    row = factory.checked(student_hit=True)
    actions.watch_recording(row, actor=anna, now=NOW, reason="质检")
    row = Recording.objects.get(pk=row.pk)
    rest = [code for code in row.flags if code != "person.student"]

    def refused_with(**given: Any) -> set[str]:
        with pytest.raises(Refused) as refused:
            actions.decide_recording(row, actor=anna, now=NOW, **given)
        return codes(refused)

    assert refused_with(passed=True, cleared=rest, faults=[], reason="核对无误") == {"flag.open"}
    assert refused_with(passed=True, cleared=rest, faults=["person.student"], reason="核对无误") == {"flag.open"}
    assert refused_with(passed=True, cleared=row.flags, faults=[], reason=" ") == {"reason.missing"}
    done = actions.decide_recording(
        row, actor=anna, now=NOW, passed=True, cleared=row.flags, faults=[], reason="已核学历与在职证明"
    )
    assert (done.state, done.verdict.cleared) == ("passed", sorted(row.flags))


def test_a_finding_is_mended_by_a_new_recording() -> None:
    who = factory.people()
    row = factory.checked(student_hit=True)

    failed = factory.decide(row, who["anna"], passed=False, faults=("person.student",))
    assert (failed.state, failed.failures, failed.mend_by_on) == ("failed", ["verdict.failed"], date(2026, 12, 11))
    assert [one.pk for one in queries.to_mend(who["sue"].actor)] == [row.pk]

    again = factory.finished(factory.film(24, seed=3), student_hit=True)
    assert again.replaces_id == row.pk
    factory.work()
    again = Recording.objects.get(pk=again.pk)
    assert "recording.retake" in again.flags
    factory.decide(again, who["ben"])
    assert list(queries.to_mend(who["sue"].actor)) == []


def test_what_nobody_goes_on_with_is_given_up() -> None:
    waiting, going = factory.scheduled(), factory.begun(application="HT-R-2")

    handlers.watch(NOW + timedelta(hours=23))
    assert {one.state for one in Recording.objects.all()} == {"scheduled", "recording"}
    handlers.watch(NOW + timedelta(hours=25))
    assert Recording.objects.get(pk=going.pk).failures == ["recording.abandoned"]
    handlers.watch(NOW + timedelta(hours=73))
    assert Recording.objects.get(pk=waiting.pk).failures == ["recording.abandoned"]


def test_staff_give_up_what_is_set_up_in_another_way() -> None:
    row, anna = factory.scheduled(), factory.people()["anna"].actor

    with pytest.raises(Refused) as twice:
        actions.schedule_recording(actor=anna, now=NOW, contract=row.contract, way="counter")
    actions.expire_recording(row, actor=anna, now=NOW)
    again = actions.schedule_recording(actor=anna, now=NOW, contract=row.contract, way="counter")
    assert codes(twice) == {"recording.under_way"}
    assert (again.way, again.replaces_id) == ("counter", row.pk)
    handlers.watch(NOW + timedelta(hours=71))
    assert Recording.objects.get(pk=again.pk).state == "scheduled"
    handlers.watch(NOW + timedelta(hours=73))
    assert Recording.objects.get(pk=again.pk).state == "failed"


def test_a_told_contract_is_one_row_and_a_change_the_next_version() -> None:
    first = factory.contract()

    assert factory.contract().pk == first.pk
    assert factory.contract(principal_cents=1_300_000).version == 2
    with pytest.raises(Refused) as other:
        factory.contract(name="李建国", phone="13900139000")
    assert codes(other) == {"application.taken"}
    assert Contract.objects.count() == 2


def test_other_peoples_recordings_are_not_there() -> None:
    row = factory.scheduled()
    stranger = factory.scheduled(application="HT-R-2", name="李建国", phone="13900139000")

    assert queries.recording_for(factory.borrower(row), row.pk).pk == row.pk
    with pytest.raises(queries.NotThere):
        queries.recording_for(factory.borrower(stranger), row.pk)
    with pytest.raises(Refused) as refused:
        given = {"choice": "face_and_voice", "text_sha256": row.script.text_sha256}
        actions.begin_recording(row, actor=factory.borrower(stranger), now=NOW, **given)
    assert codes(refused) == {"actor.not_own"}
