"""Letters of every step: printed by the worker, sealed, the same again after a crash, and carried by the e-mail."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from cases import handlers
from cases.complaints import actions, letters
from cases.complaints.handlers import print_notice
from cases.complaints.models import Complaint
from cases.invariants import breaches
from cases.models import Document, Message
from jike.base.dates import pinned
from jike.files import pdf, store
from jike.files.models import StoredFile
from jike.ledger.models import Entry
from jike.outbox import jobs
from jike.outbox.channels import Receipt
from jike.privacy import open_sealed
from jike.web import verify
from tests.accounts.signing_in import sign_in
from tests.complaints.portal_walk import enter
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=3)


def letter_of(case: Complaint, purpose: str = "acceptance") -> Message:
    return Message.objects.get(case_id=case.pk, purpose=purpose, channel="letter")


def printed(case: Complaint, purpose: str = "acceptance") -> Document:
    finish = print_notice(SimpleNamespace(body={"message": str(letter_of(case, purpose).pk)}))
    assert finish is not None
    with pinned(NOW):
        finish()
    return Document.objects.select_related("file").get(message=letter_of(case, purpose))


def test_the_letter_is_printed_from_the_text_that_was_written_and_checks_at_verify(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")

    document = printed(case)

    event = case.events.get(verb="complaints.accept")
    entry = Entry.objects.get(source_id=event.pk)
    issued = case.events.get(verb="complaints.issue_notice")
    assert (document.kind, document.template) == ("notice", "complaints/letters/acceptance.2026-11")
    assert store.read(document.file).startswith(b"%PDF")
    assert issued.data["sha256"] == bytes(document.file.sha256).hex()
    assert event.data["letter"] == issued.data["letter"] == str(letter_of(case).pk)
    found = verify.issued.by_code(document.code)
    assert found is not None and found.sha256 == issued.data["sha256"]
    sheet = letters.notice_sheet(
        case,
        "投诉受理告知书",
        open_sealed(letter_of(case), "body"),
        code=document.code,
        proof={"seq": str(entry.seq), "digest": "d", "mac": "m"},
        verify_url="https://x/verify/",
    )
    words = [html.unescape(found) for found in re.findall(r"<(?:p|h1|h2)[^>]*>(.*?)</(?:p|h1|h2)>", sheet)]
    assert {"投诉受理告知书", "王小明：", "一、办理人员", "二、办理期限"} <= set(words)
    assert any(case.number in word for word in words) and f"第 {entry.seq} 条" in sheet


def test_a_letter_printed_twice_is_one_file_and_issued_once(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    job = SimpleNamespace(body={"message": str(letter_of(case).pk)})

    first, second = print_notice(job), print_notice(job)
    assert first is not None and second is not None
    second()

    assert StoredFile.objects.filter(scope=case.pk).count() == 1
    assert print_notice(job) is None and case.documents.count() == 1


def test_without_pango_the_letter_waits_and_the_notice_does_not(cast: Cast, monkeypatch) -> None:
    case = factory.complaint(cast, at="investigating", email="wang@example.com")
    sent = Mailman()
    monkeypatch.setattr(pdf, "is_available", lambda: (False, "make setup"))
    monkeypatch.setattr(handlers.channels, "get", lambda name: sent)

    with pytest.raises(jobs.Postpone):
        print_notice(SimpleNamespace(body={"message": str(letter_of(case).pk)}))
    with pinned(NOW):
        handlers.send_message(SimpleNamespace(body={"message": str(mail_of(case).pk)}))

    assert sent.given == [(0, "wang@example.com")]


class Mailman:
    """A channel that keeps how many papers went to whom."""

    def __init__(self) -> None:
        self.given: list[tuple[int, str]] = []

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: tuple[object, ...] = ()) -> Receipt:
        self.given.append((len(list(attachments)), to))
        return Receipt("mailman", key[:12], RECEIVED)


def mail_of(case: Complaint) -> Message:
    return Message.objects.get(case_id=case.pk, purpose="acceptance", channel="email")


def test_the_e_mail_waits_for_its_letter_and_takes_it_along_but_never_long(cast: Cast, monkeypatch) -> None:
    case = factory.complaint(cast, at="investigating", email="wang@example.com")
    sent, job = Mailman(), SimpleNamespace(body={"message": str(mail_of(case).pk)})
    monkeypatch.setattr(handlers.channels, "get", lambda name: sent)

    with pinned(mail_of(case).created_at), pytest.raises(jobs.Postpone):
        handlers.send_message(job)
    with pinned(mail_of(case).created_at + handlers.LETTER_WAIT + timedelta(seconds=1)):
        handlers.send_message(job)
    printed(case)
    with pinned(mail_of(case).created_at):
        handlers.send_message(job)

    assert sent.given == [(0, "wang@example.com"), (1, "wang@example.com")]


def test_a_paper_made_meanwhile_is_no_change_to_who_has_the_page_open(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    drawn = case.version
    printed(case)

    after = actions.add_note(case, actor=cast.handler.actor, now=NOW, text="x", version=drawn)

    assert after.version == drawn + 2


def test_every_letter_has_a_job_or_a_document(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    assert [b for b in breaches() if b.code == "messages.going"] == []

    jobs.Job.objects.filter(dedupe_key=f"cases.print_letter:{letter_of(case).pk}").delete()

    assert [b.rows for b in breaches() if b.code == "messages.going"] == [[str(letter_of(case).pk)]]


def test_consumer_and_handler_find_the_letter_beside_its_message(client: Client, cast: Cast) -> None:
    case = factory.delivered(factory.complaint(cast, at="investigating"), "acceptance", NOW)
    code = printed(case).code

    with pinned(NOW):
        enter(client, case)
        page = client.get(f"/track/{case.number}/").content.decode()
        paper = client.get(f"/track/{case.number}/letter/{code}/")
        desk = sign_in(Client(), cast.handler.user).get(f"/staff/cases/{case.number}/").content.decode()

    assert f"/track/{case.number}/letter/{code}/" in page and "王小明：" not in page
    assert paper.content.startswith(b"%PDF")
    assert f"/documents/{code}/" in desk
