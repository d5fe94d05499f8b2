"""Large recordings in pieces: sealed at every moment, continued after an interruption, joined once, swept when given up."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from cases.attachments import uploading
from cases.attachments.models import Attachment, Examination, Upload, UploadPart
from cases.complaints import actions
from cases.complaints.models import Complaint
from jike import privacy
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files import store
from jike.files.models import StoredFile
from jike.files.receiving import PIECE_BYTES, PIECE_TYPE
from jike.outbox.working import run_due
from tests.accounts.signing_in import sign_in
from tests.attachments import good
from tests.complaints.portal_walk import tell
from tests.factories import complaints as factory
from tests.people import Cast

RECORDING = good.wav(600)  # nine megabytes: three pieces
PIECES = [RECORDING[at : at + PIECE_BYTES] for at in range(0, len(RECORDING), PIECE_BYTES)]


@pytest.fixture
def case(cast: Cast) -> Complaint:
    return factory.complaint(cast, at="claimed")


@pytest.fixture
def desk(cast: Cast, case: Complaint) -> tuple[Client, str]:
    return sign_in(Client(), cast.handler.user), f"/staff/cases/{case.number}/papers/uploads/"


def begin(client: Client, address: str, size: int = len(RECORDING), name: str = "通话录音.wav", **more: Any) -> Any:
    return client.post(address, json.dumps({"name": name, "size": size, **more}), content_type="application/json")


def send(client: Client, address: str, piece: bytes, offset: int, checksum: bytes | None = None) -> Any:
    digest = base64.b64encode(checksum or hashlib.sha256(piece).digest()).decode()
    headers = {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}"}
    return client.patch(address, piece, content_type=PIECE_TYPE, headers=headers)


def whole(client: Client, address: str, **more: Any) -> str:
    """The address of an upload that has been sent and completed."""
    one = f"{address}{begin(client, address, **more).json()['id']}/"
    for nth, piece in enumerate(PIECES):
        assert send(client, one, piece, nth * PIECE_BYTES).status_code == 200
    assert client.post(one).status_code == 202
    return one


def sealed_bytes(settings: Any) -> bytes:
    root = Path(urlsplit(settings.FILES_URL).path)
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_a_recording_in_pieces_becomes_one_paper(desk: tuple[Client, str], case: Complaint, settings: Any) -> None:
    client, address = desk
    one = whole(client, address)
    assert b"WAVEfmt " not in sealed_bytes(settings)
    run_due()

    paper = Attachment.objects.select_related("file").get()
    assert store.read(paper.file) == RECORDING and bytes(paper.file.sha256) == hashlib.sha256(RECORDING).digest()
    assert (paper.added_by_kind, paper.file.media_type) == ("staff", "audio/wav")
    assert Examination.objects.get().facts["seconds"] == 600.0
    told = client.get(one).json()
    assert (told["state"], told["evidence"]) == ("done", str(paper.pk))
    assert case.events.filter(verb="complaints.attach").count() == 1


def test_an_interrupted_upload_goes_on_where_it_stopped(desk: tuple[Client, str]) -> None:
    client, address = desk
    one = f"{address}{begin(client, address).json()['id']}/"
    send(client, one, PIECES[0], 0)

    again = send(client, one, PIECES[0], 0)
    assert (again.status_code, again.json()["offset"]) == (200, PIECE_BYTES), "the same piece again changes nothing"
    for piece, offset, checksum, code in (
        (PIECES[2], 2 * PIECE_BYTES, None, "upload.elsewhere"),
        (PIECES[1], PIECE_BYTES, b"0" * 32, "upload.checksum"),
        (PIECES[1][:100], PIECE_BYTES, None, "upload.piece_size"),
        (PIECES[1] + b"x", PIECE_BYTES, None, "upload.piece_size"),
    ):
        no = send(client, one, piece, offset, checksum)
        assert (no.status_code, no.json()["blockers"][0]["code"]) == (409, code)
    assert client.post(one).json()["blockers"][0]["code"] == "upload.incomplete"
    assert client.get(one).json()["offset"] == PIECE_BYTES
    for nth in (1, 2):
        send(client, one, PIECES[nth], nth * PIECE_BYTES)
    assert client.post(one).status_code == client.post(one).status_code == 202
    run_due()
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "size", "code"),
    [
        (b"MZ" + bytes(70_000), 70_002, "paper.program"),
        (bytes(range(256)) * 300, 76_800, "paper.kind_unknown"),
        (b"%PDF-1.7\n" + bytes(70_000), 60 * 1024**2, "paper.too_large"),
    ],
)
def test_what_is_not_taken_is_said_with_the_first_piece(
    desk: tuple[Client, str], first: bytes, size: int, code: str
) -> None:
    client, address = desk
    one = f"{address}{begin(client, address, size=size).json()['id']}/"
    no = send(client, one, first, 0)
    assert (no.status_code, no.json()["blockers"][0]["code"]) == (409, code)
    assert Upload.objects.get().state == "dropped" and not StoredFile.objects.filter(media_type=PIECE_TYPE).exists()
    assert send(client, one, first, 0).json()["blockers"][0]["code"] == "upload.closed"


def test_nobody_sends_more_than_the_policy_allows(desk: tuple[Client, str], settings: Any) -> None:
    client, address = desk
    assert begin(client, address, size=settings.RECORDING_BYTES + 1).json()["blockers"][0]["code"] == "paper.too_large"
    assert begin(client, address, size=0).json()["blockers"][0]["code"] == "paper.empty"
    assert client.post(address, "no json", content_type="application/json").status_code == 400
    for _ in range(uploading.MOST_AT_ONCE):
        assert begin(client, address).status_code == 201
    assert begin(client, address).json()["blockers"][0]["code"] == "upload.too_many"


def test_a_broken_promise_ends_the_upload(cast: Cast, case: Complaint) -> None:
    now, actor = current_instant(), cast.handler.actor
    upload = uploading.begin(case.pk, name="a.wav", size=len(PIECES[0]), actor=actor, now=now, sha256=b"0" * 32)
    uploading.append(upload, offset=0, piece=PIECES[0], sha256=None, now=now)
    uploading.complete(upload, now=now)
    run_due()
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == ("failed", "upload.checksum") and not Attachment.objects.exists()


def test_a_case_that_ended_meanwhile_takes_no_paper(desk: tuple[Client, str], case: Complaint) -> None:
    client, address = desk
    one = whole(client, address)
    actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=current_instant())
    run_due()
    told = client.get(one).json()
    assert told["state"] == "failed" and "留言" in told["reason"] and not Attachment.objects.exists()


def test_what_is_given_up_cannot_be_read_and_is_swept(desk: tuple[Client, str], settings: Any) -> None:
    client, address = desk
    ids = [begin(client, address).json()["id"] for _ in range(2)]
    for pk in ids:
        send(client, f"{address}{pk}/", PIECES[0], 0)
    assert client.delete(f"{address}{ids[0]}/").status_code == 204
    connection.run_on_commit.clear()  # keys of the running transaction are kept there
    with pytest.raises(privacy.Unreadable):
        store.read(UploadPart.objects.get(upload_id=ids[0]).file)

    uploading.sweep(current_instant() + timedelta(minutes=2))
    assert set(UploadPart.objects.values_list("upload_id", flat=True).distinct()) == {Upload.objects.get(pk=ids[1]).pk}
    uploading.sweep(current_instant() + timedelta(days=2))
    uploading.sweep(current_instant() + timedelta(days=3))
    assert Upload.objects.get(pk=ids[1]).reason == "upload.abandoned"
    assert not UploadPart.objects.exists() and not StoredFile.objects.filter(scope__in=ids).exists()


def test_pieces_go_when_the_paper_is_there(desk: tuple[Client, str]) -> None:
    whole(*desk)
    run_due()
    uploading.sweep(current_instant() + timedelta(minutes=2))
    assert not UploadPart.objects.exists()
    assert store.read(Attachment.objects.select_related("file").get().file) == RECORDING


def test_only_who_began_it_goes_on(desk: tuple[Client, str], cast: Cast, case: Complaint) -> None:
    client, address = desk
    one = f"{address}{begin(client, address).json()['id']}/"
    for who in (cast.supervisor, cast.colleague, cast.stranger):
        other = sign_in(Client(), who.user)
        assert send(other, one, PIECES[0], 0).status_code == other.get(one).status_code == 404
    assert begin(sign_in(Client(), cast.stranger.user), address).status_code == 404
    forger = sign_in(Client(enforce_csrf_checks=True), cast.handler.user)
    assert begin(forger, address).status_code == send(forger, one, PIECES[0], 0).status_code == 403


def test_a_draft_takes_recordings_too(client: Client, cast: Cast) -> None:
    tell(client)
    whole(client, "/complain/papers/uploads/", captured="camera")
    assert Client().post("/complain/papers/uploads/").status_code == 404
    run_due()
    paper = Attachment.objects.get()
    assert (paper.added_by_kind, paper.captured) == ("consumer", "camera")
    assert "录音" in client.get("/complain/papers/").content.decode()


def test_a_program_sends_in_pieces(cast: Cast, program: Any) -> None:
    visitor, case = program(), factory.file()
    visitor.post(f"/api/v1/cases/{case.number}/verbs/claim/")
    address = f"/api/v1/cases/{case.number}/uploads/"
    given = {"name": "a.wav", "size": len(RECORDING), "sha256": hashlib.sha256(RECORDING).hexdigest()}
    begun = visitor.post(address, given)
    assert begun.status_code == 201, begun.json()
    one = f"{address}{begun.json()['id']}/"
    for nth, piece in enumerate(PIECES):
        headers = visitor.headers() | {"Upload-Offset": str(nth * PIECE_BYTES)}
        sent = visitor.client.patch(one, piece, content_type=PIECE_TYPE, headers=headers)
        assert sent.status_code == 200, sent.json()
    assert visitor.client.put(one, b"", content_type=PIECE_TYPE, headers=visitor.headers()).status_code == 202
    run_due()
    told = visitor.get(one).json()
    rows = visitor.get(f"/api/v1/cases/{case.number}/evidence/").json()["results"]
    assert (told["state"], told["evidence"]) == ("done", rows[0]["id"])
    assert (rows[0]["standing"], rows[0]["kind"]) == ("accepted", "audio/wav")


def test_pieces_at_the_same_place_are_one(cast: Cast, case: Complaint) -> None:
    now = current_instant()
    upload = uploading.begin(case.pk, name="a.wav", size=len(RECORDING), actor=cast.handler.actor, now=now)
    stale = Upload.objects.get(pk=upload.pk)
    uploading.append(upload, offset=0, piece=PIECES[0], sha256=None, now=now)
    uploading.append(stale, offset=0, piece=PIECES[0], sha256=None, now=now)
    assert UploadPart.objects.count() == 1
    with pytest.raises(Refused):
        uploading.append(stale, offset=PIECE_BYTES * 2, piece=PIECES[2], sha256=None, now=now)
