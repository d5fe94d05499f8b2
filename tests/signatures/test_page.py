"""The verification page about documents that carry a signature."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jike.web.verify import signed as page
from tests.signatures.papers import Authority, document, signed

pytestmark = pytest.mark.django_db


def shown(client: Client, content: bytes) -> str:
    answer = client.post("/verify/", {"file": SimpleUploadedFile("卷宗.pdf", content, "application/pdf")})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_house_signature_in_both_languages(client: Client, house: str, settings: Any) -> None:
    content = signed()
    chinese = shown(client, content)
    assert "签名之后未作任何改动" in chinese and "自签" in chinese and "不证明签名者是谁" in chinese

    settings.LANGUAGE_CODE = "en"
    english = shown(client, content)
    for words in (
        "Electronic signature",
        "Intact: nothing was changed since this was signed.",
        "Jike evidence bundles (self-issued)",
        "a certificate of this platform",
        "nobody but the signer (self-issued certificate)",
        "The time is only what the signer says; no time-stamping authority confirms it.",
    ):
        assert words in english, words


def test_what_was_changed_or_added_is_said(client: Client, company: Authority, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    content = signed()
    assert "测试签名根证书" in shown(client, content)

    changed = shown(client, content.replace(b"/MediaBox", b"/MediaBux", 1))
    assert "Changed after it was signed" in changed and 'data-level="error"' in changed
    longer = shown(client, content + b"more")
    assert "something was added after it was signed" in longer and "The last 4 bytes of the file" in longer


def test_a_document_without_signature_is_answered_as_before(client: Client, house: str, monkeypatch: Any) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("jike.signatures.verifying.answer_of", never)
    pages = {shown(client, content).count("<section") for content in (document(), b"%PDF-", b"no PDF /ByteRange")}

    assert len(pages) == 1


def test_strangers_wait_for_their_turn_and_no_longer(
    client: Client, house: str, settings: Any, monkeypatch: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr(page, "WAIT_SECONDS", 0.01)
    content = signed()
    with page._turn:
        assert "Too many documents are being checked just now." in shown(client, content)
    assert "Intact" in shown(client, content)


def test_words_of_a_certificate_are_only_words(client: Client, company: Authority, settings: Any) -> None:
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = Authority.new("<i>x").issue("<script>alert(1)</script>")
    html = shown(client, signed())

    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html
