"""From a paper to its verdict: who sees what of it when, what becomes part of the story, and the virus scanner."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cases.attachments import receiving
from cases.attachments.models import Attachment, Examination, Ruling, SafeView
from cases.attachments.queries import papers_of
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Event
from jike.base.errors import Refused
from jike.files import store
from jike.files.receiving import Received
from jike.outbox.models import Job
from jike.outbox.working import run_due
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.attachments import good, hostile
from tests.attachments.samples import photo
from tests.attachments.scanner import scanner
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast


def attached(case: Complaint, content: bytes, name: str = "合同.pdf", device: str = "") -> Attachment:
    upload = Received(name, content, size=len(content), is_left_out=False, device=device)
    file = receiving.seal_upload(case.pk, upload, now=RECEIVED)
    words = {"name": name, "device": device}
    actions.attach_paper(case, actor=factory.consumer_of(case), now=RECEIVED, file=file, **words)
    return Attachment.objects.get(file=file)


def standing(case: Complaint, cast: Cast) -> list[str]:
    return [paper.standing.code for paper in papers_of(case, cast.handler.actor)]


@pytest.fixture
def case(cast: Cast) -> Complaint:
    return factory.complaint(cast, at="claimed")


def test_nothing_of_a_paper_is_shown_or_leaves_before_its_verdict(case: Complaint, cast: Cast, client: Client) -> None:
    paper = attached(case, photo(), "照片.jpg")
    sign_in(client, cast.handler.user)
    address = f"/staff/cases/{case.number}/papers/{paper.pk}/file/original/"
    assert standing(case, cast) == ["waiting"]
    listed = f"/staff/cases/{case.number}/papers/list/"
    assert "hx-get" in client.get(listed).content.decode()
    assert client.post(address, {"reason": "x"}).status_code == 404

    run_due()
    assert standing(case, cast) == ["accepted"] and SafeView.objects.get().file is not None
    assert client.post(address, {"reason": "x"}).status_code == 200
    assert "照片.jpg" in (page := client.get(listed).content.decode()) and "hx-get" not in page
    assert not Event.objects.filter(verb="complaints.set_aside_paper").exists()


def test_what_came_with_a_paper_is_kept_sealed(case: Complaint) -> None:
    name = "..\\合同\u202efdp（一）" + "长" * 300 + ".pdf"
    paper = attached(case, good.paper(), name, device="Mozilla/5.0 (iPhone)")

    assert open_sealed(paper, "given_name") == name and len(open_sealed(paper, "name")) <= 120
    assert "\u202e" not in open_sealed(paper, "name")
    assert open_sealed(paper, "device") == "Mozilla/5.0 (iPhone)"
    assert len(bytes(paper.file.sha256)) == len(bytes(paper.file.sm3)) == 32


@pytest.mark.parametrize(
    ("content", "name", "verdict", "reason", "words"),
    [
        (hostile.pdf_locked(user="1"), "合同.pdf", "refused", "file.locked", "请去掉密码"),
        (hostile.png_bomb(), "照片.png", "refused", "picture.too_many_pixels", "尺寸过大"),
        (hostile.HELD["program that is launched"][0], "合同.pdf", "held", "pdf.launch", "自动运行"),
        (photo(), "合同.pdf", "held", "name.mismatch", "与文件名不符"),
    ],
)
def test_a_bad_paper_is_told_in_the_story_and_stays_sealed(
    content: bytes, name: str, verdict: str, reason: str, words: str, case: Complaint, cast: Cast, client: Client
) -> None:
    paper = attached(case, content, name)
    run_due()

    found = Examination.objects.get()
    assert (found.verdict, found.reasons) == (verdict, [reason])
    event = Event.objects.get(verb="complaints.set_aside_paper")
    assert event.data | {"attachment": ""} == {"attachment": "", "verdict": verdict, "reasons": reason}
    assert not SafeView.objects.exists() and store.read(paper.file) == content
    page = sign_in(client, cast.handler.user).get(f"/staff/cases/{case.number}/").content.decode()
    assert words in page


def test_a_case_that_ended_meanwhile_still_hears_of_it(case: Complaint, cast: Cast) -> None:
    attached(case, hostile.png_bomb(), "照片.png")
    actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=RECEIVED)
    run_due()
    assert Event.objects.filter(verb="complaints.set_aside_paper").count() == 1


def test_a_verdict_is_final_and_says_why(case: Complaint) -> None:
    attached(case, hostile.png_bomb(), "照片.png")
    run_due()
    for change in (Examination.objects.all().delete, lambda: Examination.objects.update(verdict="accepted")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    other = attached(case, good.paper())
    with pytest.raises(IntegrityError), transaction.atomic():
        Examination.objects.create(attachment=other, subject=case.pk, verdict="held", kind="x", examined_at=RECEIVED)


def test_a_person_who_did_not_add_it_releases_or_rejects(case: Complaint, cast: Cast, client: Client) -> None:
    for nth in range(2):
        attached(case, hostile.HELD["form that sends itself"][0] + b"\n" * nth)
    run_due()
    sign_in(client, cast.handler.user)
    page = client.get("/staff/held/").content.decode()
    assert page.count(case.number) >= 2 and "合同.pdf" in page

    first, second = Attachment.objects.order_by("id")
    for paper, verdict in ((first, "release"), (second, "reject")):
        words = {"verdict": verdict, "reason": "看过：是银行的表格。", "back": "held"}
        assert client.post(f"/staff/cases/{case.number}/papers/{paper.pk}/rule/", words).status_code == 302
    assert standing(case, cast) == ["released", "rejected"]
    assert Job.objects.filter(topic=receiving.TEXT_TOPIC).count() == 1, "a released paper is read like any other"
    assert [e.data["verdict"] for e in Event.objects.filter(verb="complaints.rule_on_paper")] == [
        "released",
        "rejected",
    ]
    assert case.number not in client.get("/staff/held/").content.decode().split("page-head", 1)[1]
    assert client.post(f"/staff/cases/{case.number}/papers/{first.pk}/rule/", words).status_code == 409


def test_nobody_decides_about_a_paper_of_his_own_or_without_a_reason(case: Complaint, cast: Cast) -> None:
    upload = Received("a.pdf", hostile.HELD["program that is launched"][0], size=9, is_left_out=False)
    file = receiving.seal_upload(case.pk, upload, now=RECEIVED)
    actions.attach_paper(case, actor=cast.handler.actor, now=RECEIVED, file=file, name="a.pdf")
    run_due()
    paper = Attachment.objects.get()

    def codes(**words: Any) -> set[str]:
        given = {"actor": cast.supervisor.actor, "paper": paper, "is_released": True, "reason": "看过"} | words
        with pytest.raises(Refused) as refused:
            actions.rule_on_paper(case, now=RECEIVED, **given)
        return {blocker.code for blocker in refused.value.blockers}

    assert codes(actor=cast.handler.actor) == {"actor.added_it"}
    assert codes(reason=" ") == {"reason.missing"}
    assert codes(actor=cast.colleague.actor) == {"actor.not_assigned"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling(
            attachment=paper, subject=case.pk, is_released=True, reason="x", ruled_by=cast.handler.user.pk, ruled_at=RECEIVED
        ).save(force_insert=True)  # fmt: skip
    actions.rule_on_paper(case, actor=cast.supervisor.actor, now=RECEIVED, paper=paper, is_released=True, reason="看过")
    assert standing(case, cast) == ["released"]


def test_a_stranger_sees_no_paper_that_waits(case: Complaint, cast: Cast, client: Client) -> None:
    attached(case, hostile.HELD["program that is launched"][0])
    run_due()
    for who in (cast.colleague, cast.stranger, cast.auditor):
        assert case.number not in sign_in(Client(), who.user).get("/staff/held/").content.decode()


def test_the_scanner_sees_every_paper_first(case: Complaint, cast: Cast, settings: Any) -> None:
    with scanner() as settings.CLAMAV_URL:
        attached(case, b"hello " + hostile.EICAR, "聊天.txt")
        attached(case, good.paper())
        run_due()

    verdicts = {e.verdict: (e.reasons, e.is_scanned) for e in Examination.objects.all()}
    assert verdicts == {"held": (["virus.found"], True), "accepted": ([], True)}


def test_while_the_scanner_is_away_papers_wait_and_say_so(
    case: Complaint, cast: Cast, settings: Any, client: Client
) -> None:
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"
    attached(case, good.paper())
    run_due()
    assert not Examination.objects.exists() and standing(case, cast) == ["unscanned"]
    assert Job.objects.get(topic=receiving.EXAMINE_TOPIC).last_error == "scanner.unreachable"
    assert "等待病毒扫描" in sign_in(client, cast.handler.user).get(f"/staff/cases/{case.number}/").content.decode()

    Job.objects.update(due_at=RECEIVED)
    with scanner() as settings.CLAMAV_URL:
        run_due()
    assert standing(case, cast) == ["accepted"]


@pytest.mark.parametrize(
    ("answer", "expected"), [(b"INSTREAM size limit exceeded. ERROR\0", ["held"]), (b"nonsense\0", ["unscanned"])]
)
def test_only_a_clear_word_of_the_scanner_lets_a_paper_pass(
    answer: bytes, expected: list[str], case: Complaint, cast: Cast, settings: Any
) -> None:
    with scanner(answer) as settings.CLAMAV_URL:
        attached(case, good.paper())
        run_due()
    assert standing(case, cast) == expected


def test_what_is_not_usable_does_not_count_against_the_sender(case: Complaint, monkeypatch: pytest.MonkeyPatch) -> None:
    from cases.attachments import rules

    monkeypatch.setattr(rules, "MOST_FILES", 1)
    attached(case, hostile.png_bomb(), "照片.png")
    run_due()
    attached(case, good.paper())
    with pytest.raises(Refused):
        attached(case, photo(), "照片.jpg")
