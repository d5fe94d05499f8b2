"""What the tracking page tells and takes: the receipt as a document, the checklist, papers, moved days, who looked."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from cases.attachments.models import Attachment
from cases.complaints import actions, letters, remedies, supplements
from cases.complaints.actions.filing import RECEIPT_TOPIC
from cases.complaints.models import Complaint
from jike.base.dates import pinned
from jike.files import pdf, store
from jike.ledger.models import Entry
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import reveal
from jike.privacy.models import ReadLog
from tests.accounts.signing_in import sign_in
from tests.attachments.samples import PDF, photo
from tests.complaints.portal_walk import LATER, NOW, enter, file, receipt_code_of
from tests.complaints.test_portal_papers import upload
from tests.factories import complaints as factory
from tests.people import Cast


def asked(cast: Cast) -> Complaint:
    case = factory.complaint(cast, at="claimed", now=NOW - timedelta(hours=5))
    return actions.ask_supplement(
        case,
        actor=cast.handler.actor,
        now=NOW,
        others="收款收据：核对付款金额\n聊天记录：核对商户承诺",
    )


def test_the_receipt_is_drawn_sealed_and_can_be_checked(client: Client, cast: Cast, monkeypatch) -> None:
    drawn = []
    monkeypatch.setattr(pdf, "is_available", lambda: (True, ""))
    monkeypatch.setattr(pdf, "render", lambda html, **_how: drawn.append(html) or b"%PDF-receipt")
    case = file(client)
    with pinned(NOW):
        page = client.get("/complain/receipt/").content.decode()
    assert "hx-trigger" in page

    with pinned(LATER):
        run_jobs(Job.objects.filter(topic=RECEIPT_TOPIC).values_list("pk", flat=True))
    document = letters.receipt_of(case)
    entry = Entry.objects.get(subject=case.pk, seq=1)
    with pinned(NOW):
        page = client.get("/complain/receipt/").content.decode()
        got = client.get(f"/track/{case.number}/letter/{document.code}/")
        check = client.post("/verify/", {"code": document.code}).content.decode()
    assert f"/letter/{document.code}/" in page and "hx-trigger" not in page
    assert got.content == store.read(document.file) == b"%PDF-receipt"
    assert "投诉回执" in check
    for word in (case.number, "2026年11月23日 10:00", "2026年12月8日", document.code, bytes(entry.mac).hex()):
        assert word in drawn[0]
    assert receipt_code_of(case) not in drawn[0] and "13800138000" not in drawn[0]
    assert case.events.get(verb="complaints.issue_receipt").data["sha256"] == bytes(document.file.sha256).hex()


def test_each_thing_is_answered_by_itself(client: Client, cast: Cast) -> None:
    case = asked(cast)
    enter(client, case)
    first, second = supplements.items_of(supplements.open_request_of(case))
    with pinned(LATER):
        assert f"/track/{case.number}/asked/" in client.get(f"/track/{case.number}/").content.decode()
        page = client.get(f"/track/{case.number}/asked/").content.decode()
        assert "收款收据" in page and "核对商户承诺" in page

        client.post(f"/track/{case.number}/asked/", {"item": first.id, "key": "a", "file": upload("收据.jpg", photo())})
        assert Complaint.objects.get(pk=case.pk).state == "supplementing"
        client.post(f"/track/{case.number}/asked/", {"item": second.id, "key": "b", "has_none": "on"})
    first, second = supplements.items_of(supplements.last_request_of(case))
    paper = Attachment.objects.get(subject=case.pk)
    assert (first.files, first.has_none, second.files, second.has_none) == ([paper.file_id], False, [], True)
    assert Complaint.objects.get(pk=case.pk).state == "received"


def test_an_empty_or_bad_answer_answers_nothing(client: Client, cast: Cast) -> None:
    case = asked(cast)
    enter(client, case)
    item = supplements.items_of(supplements.open_request_of(case))[0]
    with pinned(LATER):
        for typed in ({}, {"file": upload("坏.jpg", b"MZ")}):
            answer = client.post(f"/track/{case.number}/asked/", {"item": item.id, "key": "a", **typed})
            assert answer.status_code == 400
    assert len(supplements.open_items_of(supplements.open_request_of(case))) == 2


def test_that_is_all_ends_the_waiting(client: Client, cast: Cast) -> None:
    case = asked(cast)
    enter(client, case)
    with pinned(LATER):
        client.post(f"/track/{case.number}/asked/all/", {"key": "x"})
    assert Complaint.objects.get(pk=case.pk).state == "received"


def test_papers_may_be_added_once_each(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    enter(client, case)
    with pinned(LATER):
        for _click in range(2):
            answer = client.post(
                f"/track/{case.number}/papers/", {"file": [upload("一.jpg", photo()), upload("二.pdf", PDF)]}
            )
            assert answer.status_code == 302
        assert len(client.get(f"/track/{case.number}/papers/").context["papers"]) == 2
    assert case.events.filter(verb="complaints.attach", actor_kind="consumer").count() == 2


def test_who_looked_is_told_by_role_once_a_day(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    staff = sign_in(Client(), cast.handler.user)
    for _look in range(3):
        assert staff.get(f"/staff/cases/{case.number}/").status_code == 200
    auditor = sign_in(Client(), cast.auditor.user)
    assert auditor.get(f"/staff/cases/{case.number}/").status_code == 200
    reveal(cast.handler.actor, case.parties.get(), "phone", reason="回电核实", now=LATER)

    assert ReadLog.objects.count() == 1
    enter(client, case)
    with pinned(LATER):
        page = client.get(f"/track/{case.number}/seen/").content.decode()
    assert "消保专员" in page and "回电核实" in page and "您的手机号" in page
    assert cast.handler.user.display_name not in page


def test_other_ways_name_the_hotline_of_the_regulator(cast: Cast) -> None:
    ways = remedies.ways_of(factory.complaint(cast, at="investigating"), now=LATER)
    assert [way.partition("：")[0] for way in ways] == ["调解", "仲裁", "诉讼", "监管热线"]
    assert "12378" in ways[-1]
