"""Photos and papers while a complaint is being written: any name, stored at once, nothing half stored, shown without metadata."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from cases.attachments.models import Attachment, SafeView
from cases.attachments.receiving import EXAMINE_TOPIC, VIEW_TOPIC
from cases.complaints.models import Complaint
from cases.complaints.portal import drafts
from cases.complaints.portal.models import Draft
from jike.base.dates import pinned
from jike.files import store
from jike.files.models import StoredFile
from jike.files.receiving import LIMIT_BYTES, LIMIT_FILES
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from tests.attachments.samples import CAMERA, PDF, photo
from tests.complaints.portal_walk import NOW, file, tell, write_down
from tests.people import Cast

pytestmark = pytest.mark.usefixtures("cast")
NAMES = [
    "合同（第一页）.jpg",
    "【微信】聊天　记录.png",
    "长" * 200 + ".jpg",
    "合同\u202efdp.exe",
    "IMG_0001.HEIC;rm -rf ~",
    "=cmd|' /C calc'!A0.pdf",
    "<img src=x onerror=alert(1)>.jpg",
    "..\\..\\windows.jpg",
    "无扩展名",
]


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def send(client: Client, *files: SimpleUploadedFile, field: str = "file", **words: str):
    return client.post("/complain/papers/", {field: list(files), **words})


def draw_all() -> None:
    for topic in (EXAMINE_TOPIC, VIEW_TOPIC):
        run_jobs(Job.objects.filter(topic=topic).values_list("pk", flat=True))


@pytest.fixture
def begun(client: Client) -> Draft:
    tell(client)
    return Draft.objects.get()


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_taken(client: Client, begun: Draft, name: str) -> None:
    answer = send(client, upload(name, photo()))

    paper = Attachment.objects.get()
    page = client.get("/complain/papers/").content.decode()
    assert answer.headers["Location"] == "/complain/papers/"
    assert paper.file.media_type == "image/jpeg"
    shown = open_sealed(paper, "name")
    assert 0 < len(shown) <= 120
    assert "\u202e" not in shown and "<img" not in page


def test_several_photos_at_once_are_sealed_as_they_came(client: Client, begun: Draft) -> None:
    photos = [photo(colour=colour) for colour in ("red", "green", "blue", "black", "white", "grey")]

    send(client, *(upload(f"照片{n}.jpg", content) for n, content in enumerate(photos)), field="camera")
    papers = list(Attachment.objects.select_related("file").order_by("created_at", "id"))
    assert [store.read(p.file) for p in papers] == photos
    assert [bytes(p.file.sha256) for p in papers] == [hashlib.sha256(content).digest() for content in photos]
    assert {(p.captured, p.subject, p.file.scope, p.added_by_kind) for p in papers} == {
        ("camera", begun.pk, begun.pk, "consumer")
    }


def test_one_bad_file_harms_no_other_and_says_why(client: Client, begun: Draft) -> None:
    answer = send(
        client,
        upload("好的.jpg", photo()),
        upload("假的.jpg", b"MZ\x90"),
        upload("空的.pdf", b""),
        upload("未知.jpg", bytes(range(256))),
        upload("太大.pdf", PDF + b"\x00" * LIMIT_BYTES),
    )

    assert answer.status_code == 400
    assert [file.name for file in answer.context["refused"]] == ["假的.jpg", "空的.pdf", "未知.jpg", "太大.pdf"]
    assert "这是程序" in answer.content.decode()
    assert "超过20MB" in answer.content.decode()
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_the_same_photo_again_is_one_paper(client: Client, begun: Draft) -> None:
    for name in ("一.jpg", "二.jpg"):
        send(client, upload(name, photo()))
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_too_many_at_once_are_left_out_by_name(client: Client, begun: Draft) -> None:
    answer = send(client, *(upload(f"{n}.pdf", PDF + b"%d" % n) for n in range(LIMIT_FILES + 2)))

    assert [file.name for file in answer.context["refused"]] == [f"{LIMIT_FILES}.pdf", f"{LIMIT_FILES + 1}.pdf"]
    assert Attachment.objects.count() == LIMIT_FILES


def test_what_is_shown_was_drawn_anew_and_the_original_kept(client: Client, begun: Draft) -> None:
    send(client, upload("照片.jpg", photo()))
    paper = Attachment.objects.get()
    assert client.get(f"/complain/papers/{paper.pk}/picture/").status_code == 404

    draw_all()
    shown = client.get(f"/complain/papers/{paper.pk}/picture/")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert CAMERA.encode() not in shown.content
    assert CAMERA.encode() in store.read(paper.file)
    assert Client().get(f"/complain/papers/{paper.pk}/picture/").status_code == 404


def test_what_cannot_be_drawn_is_kept_and_said(client: Client, begun: Draft) -> None:
    send(client, upload("坏的.jpg", b"\xff\xd8\xff\xe0 broken"))
    assert "正在检查" in client.get("/complain/papers/").content.decode()

    draw_all()
    assert not SafeView.objects.exists()
    page = client.get("/complain/papers/").content.decode()
    assert "图片已损坏" in page and "不可用" in page


def test_a_paper_can_be_taken_out_before_sending_only(client: Client, cast: Cast) -> None:
    tell(client)
    send(client, upload("一.jpg", photo()))
    paper = Attachment.objects.get()
    assert Client().post(f"/complain/papers/{paper.pk}/remove/").status_code == 404
    client.post(f"/complain/papers/{paper.pk}/remove/")
    assert not Attachment.objects.exists()

    send(client, upload("一.jpg", photo()))
    case = file(client)
    kept = Attachment.objects.get(subject=case.pk)
    for change in (kept.delete, lambda: Attachment.objects.update(captured="staff")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_papers_of_a_draft_are_the_papers_of_its_case(client: Client) -> None:
    with pinned(NOW):
        tell(client)
        send(client, upload("合同.pdf", PDF), upload("店面.jpg", photo()))
        draft = Draft.objects.get()
    case = file(client)

    event = case.events.get()
    assert case.pk == draft.pk
    assert not Draft.objects.exists()
    assert event.data["papers"] == 2
    hashes = b"".join(sorted(bytes(f.sha256) for f in StoredFile.objects.filter(scope=case.pk)))
    assert event.data["papers_sha256"] == hashlib.sha256(hashes).hexdigest()
    assert open_sealed(case, "narrative")


def test_an_expired_draft_is_destroyed_with_its_papers(client: Client) -> None:
    with pinned(NOW):
        tell(client)
        send(client, upload("一.jpg", photo()))
    draw_all()
    path = store._path(Draft.objects.get().pk, bytes(Attachment.objects.get().file.sha256))
    assert path.exists()

    assert drafts.destroy_expired(NOW + timedelta(hours=23)) == 0
    assert drafts.destroy_expired(NOW + timedelta(hours=25)) == 1
    assert not (Draft.objects.exists() or Attachment.objects.exists() or StoredFile.objects.exists() or path.exists())


def test_a_filed_draft_left_behind_does_not_take_its_case_along(client: Client) -> None:
    """A crash between filing and forgetting leaves the row of the draft; the case keeps its key."""
    with pinned(NOW):
        token = write_down(client).context["draft"].token
        draft = Draft.objects.get()
        client.post("/complain/send/", {"token": token})
    Draft.objects.bulk_create([draft])

    assert drafts.destroy_expired(NOW + timedelta(days=40)) == 1
    assert open_sealed(Complaint.objects.get(), "claim")
