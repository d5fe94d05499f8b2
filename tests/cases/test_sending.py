"""Sending messages: through the right channel to the right address, the letter with the e-mail, and never a second time."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from cases import handlers
from cases.models import Message
from cases.starter import ensure_starter_data
from jike.outbox.channels import Receipt
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import cast as make_cast


@dataclass
class Mailman:
    """A channel that keeps what it was given."""

    given: list[dict[str, Any]] = field(default_factory=list)

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: Any = ()) -> Receipt:
        self.given.append({"to": to, "subject": subject, "text": text, "key": key, "attachments": list(attachments)})
        return Receipt("mailman", f"m-{len(self.given)}", RECEIVED)


@pytest.fixture
def mailman(monkeypatch) -> Mailman:
    channel = Mailman()
    monkeypatch.setattr(handlers.channels, "get", lambda name: channel)
    return channel


def test_decision_by_e_mail_carries_the_letter_and_by_sms_does_not(db, mailman: Mailman) -> None:
    ensure_starter_data(RECEIVED)
    case = factory.complaint(make_cast(), at="issued", email="wang@example.com")

    for channel in ("email", "sms"):
        notice = Message.objects.get(case_id=case.pk, purpose="decision", channel=channel)
        handlers.send_message(SimpleNamespace(body={"message": str(notice.pk)}))

    by_mail, by_sms = mailman.given
    assert (by_mail["to"], by_sms["to"]) == ("wang@example.com", factory.PHONE)
    assert [a.name for a in by_mail["attachments"]] == [f"{case.number}.pdf"]
    assert by_mail["attachments"][0].content.startswith(b"%PDF")
    assert by_sms["attachments"] == []


def test_a_message_with_proof_is_not_sent_again(db, mailman: Mailman) -> None:
    ensure_starter_data(RECEIVED)
    case = factory.complaint(make_cast(), at="notified")
    notice = Message.objects.get(case_id=case.pk, purpose="decision", channel="sms")

    assert handlers.send_message(SimpleNamespace(body={"message": str(notice.pk)})) is None
    assert mailman.given == []
