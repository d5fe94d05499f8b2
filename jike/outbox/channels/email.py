"""E-mail through an SMTP server, with attachments."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from jike.base.dates import now
from jike.base.errors import Blocker
from jike.outbox.channels.base import Attachment, Receipt, id_from
from jike.outbox.channels.breaker import Breaker
from jike.outbox.errors import ChannelRefused, ChannelUnavailable, Postpone

TIMEOUT_SECONDS = 15
UNCONFIGURED_PAUSE = 300

_breaker = Breaker("email")


class EmailChannel:
    """The server at `SMTP_URL`: `smtp://user:password@host:port?tls=1&from=desk@example.org`, or `smtps://`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._options = {name: values[-1] for name, values in parse_qs(self._url.query).items()}

    def check_config(self) -> list[Blocker]:
        if not self._url.hostname:
            return [
                Blocker("email.not_configured", _("No e-mail can be sent: set SMTP_URL to the mail server's address."))
            ]
        if self._url.scheme not in {"smtp", "smtps"}:
            return [Blocker("email.bad_scheme", _("SMTP_URL must begin with smtp:// or smtps://."))]
        return []

    def send(self, to: str, subject: str, text: str, *, key: str, attachments: Sequence[Attachment] = ()) -> Receipt:
        if blockers := self.check_config():
            raise Postpone(UNCONFIGURED_PAUSE, blockers[0].code)
        message = self._message(to, subject, text, key, attachments)
        _breaker.ask()
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            _breaker.succeeded()
            raise _refusal([code for code, _text in error.recipients.values()]) from None
        except smtplib.SMTPResponseException as error:
            _breaker.succeeded()
            raise _refusal([error.smtp_code]) from None
        except (OSError, smtplib.SMTPException) as error:
            _breaker.failed()
            raise ChannelUnavailable(
                "email.timeout" if isinstance(error, TimeoutError) else "email.unreachable"
            ) from None
        _breaker.succeeded()
        return Receipt("email", id_from(key), now())

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port or 0
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            if self._options.get("tls") == "1":
                server.starttls(context=context)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, to: str, subject: str, text: str, key: str, attachments: Sequence[Attachment]) -> EmailMessage:
        """The mail. One recipient exactly; line breaks cannot leave the subject; the same key gives the same Message-ID."""
        try:
            validate_email(to)
            domain = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
            message = EmailMessage(policy=SMTP)
            message["From"] = Address(addr_spec=self._options.get("from") or f"no-reply@{domain}")
            message["To"] = Address(addr_spec=to)
            message["Subject"] = " ".join(subject.split())
            message["Date"] = format_datetime(now())
            message["Message-ID"] = f"<{id_from(key)}@{domain}>"
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(text)
            for attachment in attachments:
                main, _slash, sub = attachment.media_type.partition("/")
                name = " ".join(attachment.name.split())
                message.add_attachment(attachment.content, maintype=main, subtype=sub or "octet-stream", filename=name)
        except (ValidationError, MessageError, ValueError, IndexError):
            raise ChannelRefused("email.bad_address") from None
        return message


def _refusal(codes: Sequence[int]) -> ChannelRefused | ChannelUnavailable:
    """5xx is for good; 4xx asks to come back; 530-535 is about our own password, which a person can mend."""
    if any(530 <= code <= 535 for code in codes):
        return ChannelUnavailable("email.unauthorised")
    if codes and all(code >= 500 for code in codes):
        return ChannelRefused("email.refused")
    return ChannelUnavailable("email.busy")
