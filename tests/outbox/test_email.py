import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from jike.outbox import channels
from jike.outbox.channels import Attachment
from jike.outbox.errors import ChannelRefused, ChannelUnavailable, Postpone

TO = "consumer@example.org"


class Mailbox:
    """What the server got, and what it answers to a recipient."""

    def __init__(self):
        self.messages = []
        self.answer = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd calls it so
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.messages.append(
            (envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default))
        )
        return "250 OK"


def serve(handler, **options):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    return controller, port


@pytest.fixture
def mailbox(settings):
    handler = Mailbox()
    controller, port = serve(handler)
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}?from=desk@example.org"
    settings.PUBLIC_BASE_URL = "https://tousu.example.org"
    yield handler
    controller.stop()


def send(to=TO, subject="投诉处理结果", text="您好：\n结果见附件。", key="k", attachments=()):
    return channels.get("email").send(to, subject, text, key=key, attachments=attachments)


def test_send_delivers_text_and_attachments(mailbox):
    receipt = send(attachments=[Attachment("TS20260928-00001-决定书.pdf", "application/pdf", b"%PDF-1.7 content")])

    recipients, message = mailbox.messages[0]
    body, attached = message.get_body().get_content(), list(message.iter_attachments())
    assert recipients == [TO]
    assert (message["From"], message["To"], message["Subject"]) == ("desk@example.org", TO, "投诉处理结果")
    assert body.splitlines() == ["您好：", "结果见附件。"]
    assert [(part.get_filename(), part.get_content_type(), part.get_content()) for part in attached] == [
        ("TS20260928-00001-决定书.pdf", "application/pdf", b"%PDF-1.7 content")
    ]
    assert message["Message-ID"] == f"<{receipt.provider_id}@tousu.example.org>"
    assert receipt.provider == "email"


def test_one_key_gives_one_message_id(mailbox):
    send(key="a")
    send(key="a")
    send(key="b")

    first, again, other = [message["Message-ID"] for _recipients, message in mailbox.messages]
    assert first == again != other


def test_line_breaks_cannot_leave_the_subject(mailbox):
    send(subject="结果\r\nBcc: thief@example.org\nX-Evil: 1")

    recipients, message = mailbox.messages[0]
    assert recipients == [TO]
    assert message["Bcc"] is None and message["X-Evil"] is None
    assert message["Subject"] == "结果 Bcc: thief@example.org X-Evil: 1"


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "消费者@example.org",
        "a@nowhere",
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "A <a@example.org>",
        "a@example.org\n",
    ],
)
def test_an_address_that_is_none_is_refused_for_good(mailbox, to):
    with pytest.raises(ChannelRefused) as refusal:
        send(to=to)

    assert refusal.value.code == "email.bad_address"
    assert mailbox.messages == []


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        ("550 no such user", ChannelRefused, "email.refused"),
        ("450 come back", ChannelUnavailable, "email.busy"),
        ("530 who are you", ChannelUnavailable, "email.unauthorised"),
    ],
)
def test_the_servers_answer_decides_between_never_and_later(mailbox, answer, error, code):
    mailbox.answer = answer

    with pytest.raises(error) as failure:
        send()

    assert failure.value.code == code


def test_a_server_that_is_away_may_be_asked_again(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.SMTP_URL = f"smtp://127.0.0.1:{probe.getsockname()[1]}"

        with pytest.raises(ChannelUnavailable) as failure:
            send()

    assert failure.value.code == "email.unreachable"


@pytest.mark.parametrize(("password", "accepted"), [("right%20one", True), ("wrong", False)])
def test_user_and_password_come_from_the_address(settings, password, accepted):
    handler = Mailbox()
    controller, port = serve(
        handler,
        auth_require_tls=False,
        authenticator=lambda server, session, envelope, mechanism, data: AuthResult(
            success=data.password == b"right one", handled=False
        ),
    )
    settings.SMTP_URL = f"smtp://user:{password}@127.0.0.1:{port}"

    try:
        if accepted:
            send()
        else:
            with pytest.raises(ChannelUnavailable) as failure:
                send()
            assert failure.value.code == "email.unauthorised"
    finally:
        controller.stop()

    assert len(handler.messages) == int(accepted)


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("", ["email.not_configured"]),
        ("http://mail.example.org", ["email.bad_scheme"]),
        ("smtp://mail.example.org:587?tls=1", []),
    ],
)
def test_check_config_says_what_is_missing(settings, url, codes):
    settings.SMTP_URL = url

    assert [blocker.code for blocker in channels.get("email").check_config()] == codes
    if codes:
        with pytest.raises(Postpone) as waiting:
            send()
        assert waiting.value.code == codes[0]
