"""Checking a paper: by its code or its exact bytes, keeping nothing."""

from __future__ import annotations

import hashlib
import io
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from cases.complaints.actions import issue_letter
from cases.complaints.letters import DECISION_LETTER
from cases.starter import ensure_starter_data
from jike.accounts.roles import machine_actor
from jike.base.ids import random_code
from jike.files import store
from jike.files.models import StoredFile
from jike.web.verify.hashing import LIMIT_BYTES
from jike.web.verify.issued import masked
from tests.factories import complaints as factory
from tests.people import cast as make_cast


@pytest.fixture
def letter(db):
    """A decision letter that was issued, with a code as the worker makes them."""
    ensure_starter_data(factory.RECEIVED)
    case = factory.complaint(make_cast(), at="decided")
    file = store.put(
        case.pk, b"%PDF-letter", media_type="application/pdf", display_name="letter.pdf", now=factory.RECEIVED
    )
    issue = {"decision": case.decision, "file": file, "code": random_code(3), "template": DECISION_LETTER}
    issue_letter(case, actor=machine_actor("outbox-worker"), now=case.decided_at, **issue)
    return case.documents.get()


def check_file(client: Client, content: bytes) -> HttpResponse:
    return client.post("/verify/", {"file": SimpleUploadedFile("决定书（副本）.pdf", content, "application/pdf")})


def test_the_exact_file_is_ours_and_a_changed_one_is_not(client: Client, letter) -> None:
    content = store.read(letter.file)

    found = check_file(client, content).context["result"]["found"]
    assert (found.sha256, found.issued_at) == (bytes(letter.file.sha256).hex(), letter.created_at)
    assert check_file(client, content + b" ").context["result"]["found"] is None
    assert check_file(client, b"").context["result"]["found"] is None


def test_the_code_names_the_document_and_never_the_case(client: Client, letter) -> None:
    answer = client.post("/verify/", {"code": f" {letter.code.lower()} "})

    page = answer.content.decode()
    assert bytes(letter.file.sha256).hex() in page
    assert letter.case.number not in page
    assert masked(letter.case.number) in page


def test_a_case_number_or_another_code_opens_nothing(client: Client, letter) -> None:
    for typed in (letter.case.number, "AAAA-BBBB-CCCC", str(letter.pk)):
        assert client.post("/verify/", {"code": typed}).context["result"]["found"] is None


@pytest.mark.parametrize("typed", [{"code": ""}, {"code": "长" * 201}, {}])
def test_what_is_missing_is_said(client: Client, db, typed: dict) -> None:
    answer = client.post("/verify/", typed)

    assert (answer.status_code, answer.context["result"]) == (400, None)
    assert "error-summary" in answer.content.decode()


def test_a_file_beyond_the_limit_is_refused_in_words(client: Client, db) -> None:
    answer = check_file(client, b"0" * (LIMIT_BYTES + 1))

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["file"])


def test_a_hash_that_was_typed_is_no_file_that_was_checked(client: Client, letter, settings) -> None:
    """A forger may print the hash of a true letter on a false one: only what our page computed of a chosen file is called genuine."""
    settings.LANGUAGE_CODE = "en"
    digest = hashlib.sha256(store.read(letter.file)).hexdigest()
    for typed in (digest, f"SHA-256: {digest.upper()}", " ".join(digest[n : n + 8] for n in range(0, 64, 8))):
        page = client.post("/verify/", {"code": typed}).content.decode()
        assert "We issued a document with this SHA-256." in page and "Genuine" not in page
    assert "Genuine" in client.post("/verify/", {"code": digest, "from_file": "true"}).content.decode()
    assert "Genuine" not in client.get("/verify/", {"code": digest, "from_file": "true"}).content.decode()
    assert "We issued no document with this SHA-256." in client.post("/verify/", {"code": "0" * 64}).content.decode()


def test_nothing_of_an_upload_is_kept(client: Client, letter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the store nor, for a moment, in a temporary file."""

    def no_file(*args: object, **kwargs: object) -> None:
        raise AssertionError("a temporary file was opened")

    before = StoredFile.objects.count()
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", no_file)
    check_file(client, io.BytesIO(b"x" * 5_000_000).read())
    assert StoredFile.objects.count() == before


def test_the_form_is_checked_for_forgery(letter) -> None:
    strict = Client(enforce_csrf_checks=True)
    token = strict.get("/verify/").context["csrf_token"]

    assert strict.post("/verify/", {"code": letter.code}).status_code == 403
    assert strict.post("/verify/", {"code": letter.code, "csrfmiddlewaretoken": str(token)}).status_code == 200


def test_numbers_are_masked_in_the_middle() -> None:
    assert (masked("TS20261122-00017"), masked("17"), masked("")) == ("TS20261122-***17", "***17", "***")


def test_a_scanned_code_is_answered_at_once(client: Client, letter) -> None:
    page = client.get("/verify/", {"code": letter.code})

    assert page.context["result"]["found"].sha256 == bytes(letter.file.sha256).hex()
    assert client.get("/verify/", {"code": "2222-2222-2222"}).context["result"]["found"] is None
    assert client.get("/verify/").context["result"] is None


def test_the_page_says_what_is_proven_and_what_is_not(client: Client, letter, settings, tmp_path) -> None:
    """Before the seal, after it, and with the word of an authority."""
    from jike.base.dates import now
    from jike.ledger.models import Head
    from jike.ledger.proofs import key_print
    from jike.ledger.sealing import seal
    from jike.outbox.fakes.tsa import FakeTsa
    from tests.ledger.tampering import stamp

    settings.LANGUAGE_CODE, settings.HEADS_URL = "en", (tmp_path / "heads").as_uri()

    def shown(content: bytes = b"") -> str:
        answer = check_file(client, content) if content else client.get("/verify/", {"code": letter.code})
        return " ".join(answer.content.decode().split())

    assert "It will be sealed and signed within a few minutes" in shown()
    seal(now=now())
    head = Head.objects.get()
    for page in (shown(), shown(store.read(letter.file))):
        assert f"The first {head.size} entries were signed together on" in page and key_print(head.key_version) in page
        assert "That what the document says is true." in page and "authority" not in page
        assert str(letter.case_id) not in page and letter.case.number not in page
    assert "Whether your copy is that document" in shown() and "bit for bit" in shown(store.read(letter.file))
    with FakeTsa() as tsa:
        stamp(head, tsa)
    assert "A time-stamping authority, which is not us, confirms" in shown()


def test_guesses_are_all_answered_alike(client: Client, letter) -> None:
    """No page tells a near miss from a far one, or a file of a case from a file nobody has."""
    taken = store.put(letter.case_id, b"handed in", media_type="image/png", display_name="a.png", now=factory.RECEIVED)
    codes = [letter.code[:-1] + ("2" if letter.code[-1] != "2" else "3"), "2222-2222-2222", letter.case.number, "x"]

    def page(answer: HttpResponse) -> str:
        import re

        return re.sub(r'value="[^"]*"|[0-9a-f]{64}|code(=|%3D)[^"&]*|X-CSRFToken[^}]*', "", answer.content.decode())

    assert len({page(client.get("/verify/", {"code": code})) for code in codes}) == 1
    assert len({page(check_file(client, content)) for content in (store.read(taken), b"nobody's", b"")}) == 1
