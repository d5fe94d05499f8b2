"""Every POST is done once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, connections, transaction

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Event, Note
from cases.starter import ensure_starter_data
from jike.api.models import Answer
from jike.api.sweep import forget
from jike.base.dates import now
from jike.privacy import open_sealed
from tests.api.conftest import Program, make_program
from tests.factories import complaints as factory
from tests.people import Cast
from tests.people import cast as make_cast

CASES = "/api/v1/cases/"


def claimed(program: Program) -> str:
    case = factory.file()
    program.post(f"{CASES}{case.number}/verbs/claim/", once="claim")
    return f"{CASES}{case.number}/verbs/note/"


def test_the_same_request_again_is_answered_the_same_and_done_once(cast: Cast, program) -> None:
    visitor = program()
    note = claimed(visitor)

    first, again = (visitor.post(note, {"text": "一"}, once="n1") for _time in range(2))

    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Note.objects.count() == 1
    assert visitor.post(note, {"text": "二"}, once="n2").json()["version"] == first.json()["version"] + 1
    assert visitor.post(note, {"text": "一"}, once="n1").content == first.content


def test_another_request_with_the_key_is_refused(cast: Cast, program) -> None:
    visitor = program()
    note = claimed(visitor)
    visitor.post(note, {"text": "一"}, once="n1")

    for path, body in ((note, {"text": "二"}), (note.replace("note", "accept"), {})):
        answer = visitor.post(path, body, once="n1")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key.reused")
    assert Note.objects.count() == 1


def test_a_key_is_needed_and_belongs_to_who_sent_it(cast: Cast, program) -> None:
    visitor, other = program(), program()
    note = claimed(visitor)
    for key, code in (("", "missing"), ("x" * 129, "invalid"), ("a b", "invalid"), ("é", "invalid")):
        answer = visitor.post(note, {"text": "一"}, once=key)
        assert answer.status_code == 400
        assert answer.json()["blockers"][0]["field"] == "Idempotency-Key"
        assert answer.json()["blockers"][0]["code"].endswith(code)
    visitor.post(note, {"text": "一"}, once="n1")

    assert other.post(note, {"text": "一"}, once="n1").status_code == 404
    assert Note.objects.count() == 1


def test_what_was_refused_may_be_tried_again(cast: Cast, program) -> None:
    visitor = program()
    case = factory.file()
    note = f"{CASES}{case.number}/verbs/note/"
    assert visitor.post(note, {"text": "一"}, once="n1").status_code == 403
    visitor.post(note.replace("note", "claim"))

    assert visitor.post(note, {"text": "一"}, once="n1").status_code == 200


def test_an_answer_is_no_way_around_the_door(cast: Cast, program) -> None:
    visitor = program()
    note = claimed(visitor)
    assert visitor.post(note, {"text": "一"}, once="n1").status_code == 200
    case = Complaint.objects.get()
    actions.assign_complaint(case, actor=cast.supervisor.actor, now=now(), to=cast.colleague.user)

    assert visitor.post(note, {"text": "一"}, once="n1").status_code == 404


def test_answers_are_sealed_and_forgotten(cast: Cast, program) -> None:
    visitor = program()
    claimed(visitor)
    row = Answer.objects.get()
    assert "TS" in open_sealed(row, "body")

    forget(now() + timedelta(hours=47))
    assert Answer.objects.exists()
    forget(now() + timedelta(hours=49))
    assert not Answer.objects.exists()


def _post(visitor: Program, path: str, text: str) -> tuple[int, bytes]:
    try:
        answer = visitor.post(path, {"text": text}, once="race")
        return answer.status_code, answer.content
    finally:
        connections.close_all()


def test_two_at_once_have_one_effect(own_database) -> None:
    """The first request stands still while it holds the case; the second must wait for it, and both get its answer."""
    ensure_starter_data(factory.RECEIVED)
    make_cast()
    visitor = make_program()
    note = claimed(visitor)
    case = Complaint.objects.get()
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Complaint.locked(case.pk)  # both requests will meet this lock or the one of the other
            first = pool.submit(_post, visitor, note, "一")
            _wait_for_waiters(1)
            second = pool.submit(_post, Program(visitor.key, visitor.token, type(visitor.client)()), note, "一")
            _wait_for_waiters(2)
        answers = [first.result(20), second.result(20)]

    assert [status for status, _content in answers] == [200, 200]
    assert answers[0][1] == answers[1][1]
    assert Note.objects.count() == 1
    assert Event.objects.filter(verb="complaints.note").count() == 1


def test_two_at_once_with_other_bodies_have_one_effect(own_database) -> None:
    ensure_starter_data(factory.RECEIVED)
    make_cast()
    visitor = make_program()
    note = claimed(visitor)
    case = Complaint.objects.get()
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Complaint.locked(case.pk)
            first = pool.submit(_post, visitor, note, "一")
            _wait_for_waiters(1)
            second = pool.submit(_post, Program(visitor.key, visitor.token, type(visitor.client)()), note, "二")
            _wait_for_waiters(2)
        assert sorted([first.result(20)[0], second.result(20)[0]]) == [200, 422]
    assert Note.objects.count() == 1


def _wait_for_waiters(count: int) -> None:
    """Until this many sessions of the database wait for a lock."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT l.granted AND a.datname = current_database()"
            )
            if cursor.fetchone()[0] >= count:
                return
        threading.Event().wait(0.05)
    raise AssertionError(f"not {count} waiters")
