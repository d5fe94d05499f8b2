"""Papers the staff add on the page of a case."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.attachments.models import Attachment
from cases.models import Event
from jike.files.models import StoredFile
from tests.accounts.signing_in import sign_in
from tests.attachments.samples import PDF
from tests.factories import complaints as factory
from tests.people import Cast


def add(client: Client, number: str, *contents: bytes):
    files = [SimpleUploadedFile(f"协议{n}.pdf", content) for n, content in enumerate(contents)]
    return client.post(f"/staff/cases/{number}/papers/add/", {"file": files})


def test_the_handler_adds_papers_and_chooses_one_for_an_agreed_date(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    sign_in(client, cast.handler.user)
    assert "papers/add/" in client.get(f"/staff/cases/{case.number}/").content.decode()

    assert add(client, case.number, PDF, PDF + b"\n").status_code == 302
    assert add(client, case.number, PDF).status_code == 302

    assert Attachment.objects.filter(subject=case.pk, added_by_kind="staff").count() == 2, "the same paper is one"
    assert Event.objects.filter(case=case, verb="complaints.attach").count() == 2
    assert "协议0.pdf" in client.get(f"/staff/cases/{case.number}/agree_deadline/").content.decode()


def test_what_is_no_paper_is_refused_with_its_reason(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    sign_in(client, cast.handler.user)

    answer = add(client, case.number, b"MZ")

    assert answer.status_code == 409
    assert not StoredFile.objects.filter(scope=case.pk).exists()


def test_only_who_handles_the_case_adds_and_the_token_is_checked(cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    for who, status in ((cast.colleague, 404), (cast.stranger, 404), (cast.auditor, 404)):
        client = sign_in(Client(), who.user)
        assert add(client, case.number, PDF).status_code == status, who.user.username
    forger = sign_in(Client(enforce_csrf_checks=True), cast.handler.user)
    assert add(forger, case.number, PDF).status_code == 403

    assert not Attachment.objects.exists() and not StoredFile.objects.filter(scope=case.pk).exists()
