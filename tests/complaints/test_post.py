"""Letters for the post: chosen by a flag, one file to print, and the postal number as proof."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.complaints import actions
from cases.complaints.handlers import print_notice
from cases.complaints.models import Complaint
from cases.complaints.posting import waiting_for_post
from cases.models import Delivery, Message
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.privacy.models import ReadLog
from tests.accounts.signing_in import sign_in
from tests.complaints.test_notices_on_paper import SimpleNamespace, letter_of
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=2)


def on_paper(case: Complaint) -> Complaint:
    """Every letter of the case printed."""
    for letter in Message.objects.filter(case_id=case.pk, channel="letter", paper=None):
        finish = print_notice(SimpleNamespace(body={"message": str(letter.pk)}))
        assert finish is not None
        with pinned(NOW):
            finish()
    return Complaint.objects.get(pk=case.pk)


def by_post(cast: Cast, *steps: str) -> Complaint:
    """A case flagged for the post as soon as it had a handler, then brought through `steps`, every letter printed."""
    case = actions.flag_complaint(
        factory.complaint(cast, at="claimed"),
        actor=cast.handler.actor,
        now=RECEIVED + timedelta(hours=2),
        flags=["post"],
    )
    for hours, step in enumerate(steps, start=3):
        case = factory.STEPS[step](case, cast, RECEIVED + timedelta(hours=hours))
    return on_paper(case)


def waiting(cast: Cast) -> list[tuple[str, str]]:
    return [(w.case.number, w.verb) for w in waiting_for_post(cast.handler.actor, now=NOW)]


def test_letters_wait_for_the_post_from_the_flag_on_and_for_whoever_sees_the_case(cast: Cast) -> None:
    late = on_paper(factory.complaint(cast, at="investigating"))
    actions.flag_complaint(late, actor=cast.handler.actor, now=NOW, flags=["post"])
    case = by_post(cast, "investigating")

    assert waiting(cast) == [(case.number, "record_post")]
    assert waiting_for_post(cast.colleague.actor, now=NOW) == []
    assert [w.case.number for w in waiting_for_post(cast.supervisor.actor, now=NOW)] == [case.number]
    assert waiting_for_post(cast.stranger.actor, now=NOW) == []


def test_the_postal_number_is_the_proof_and_ends_the_waiting(cast: Cast) -> None:
    case = by_post(cast, "investigating")
    letter = letter_of(case)

    with pytest.raises(Refused) as refused:
        actions.record_post(
            case,
            actor=cast.handler.actor,
            now=NOW,
            letter=letter,
            evidence=" ",
            sent_at=letter.created_at - timedelta(1),
        )
    assert {b.code for b in refused.value.blockers} == {"evidence.missing", "sent_at.impossible"}
    case = actions.record_post(case, actor=cast.handler.actor, now=NOW, letter=letter, evidence="EMS 9", sent_at=NOW)

    proof = Delivery.objects.get(message=letter)
    assert (proof.manner, proof.sent_at, proof.recorded_by) == ("post", NOW, cast.handler.user)
    assert waiting(cast) == []
    with pytest.raises(Refused) as again:
        actions.record_post(case, actor=cast.handler.actor, now=NOW, letter=letter, evidence="EMS 9", sent_at=NOW)
    assert "letter.none" in {b.code for b in again.value.blockers}


def test_a_decline_by_post_is_told_by_its_own_verb_and_ends_with_it(cast: Cast) -> None:
    case = by_post(cast, "declining", "declined")
    assert waiting(cast) == [(case.number, "tell_decline")]

    told = actions.tell_decline(
        case, actor=cast.handler.actor, now=NOW, manner="post", evidence="EMS 9", sent_at=NOW - timedelta(hours=1)
    )

    assert told.ended_at is not None and told.notice.message == letter_of(case, "decline")
    assert waiting(cast) == []


def test_the_batch_is_one_file_and_every_look_is_on_record(client: Client, cast: Cast) -> None:
    case = by_post(cast, "investigating")
    sign_in(client, cast.handler.user)

    with pinned(NOW):
        page = client.get("/staff/post/").content.decode()
        batch = client.post("/staff/post/print/")

    assert case.number in page and f"/staff/cases/{case.number}/record_post/" in page
    assert batch.content.startswith(b"%PDF")
    assert ReadLog.objects.filter(scope=case.pk, actor_id=cast.handler.user.pk).exists()
    assert sign_in(Client(), cast.stranger.user).post("/staff/post/print/").status_code == 302
