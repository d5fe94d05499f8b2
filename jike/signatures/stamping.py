"""pyHanko's way to a time stamp, led through ours: `jike.ledger.authority` asks, `jike.ledger.stamps` judges the answer."""

from __future__ import annotations

from typing import Any

from asn1crypto import cms
from pyhanko.sign.timestamps import TimeStamper

from jike.ledger.authority import AuthorityAway, NoAuthority, ask
from jike.ledger.stamps import BadStamp, request_over, token_over
from jike.signatures.errors import NotStamped


class Stamper(TimeStamper):
    """Stamps over SHA-256. Raises `NotStamped`."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        assert md_algorithm == "sha256"
        asked, nonce = request_over(message_digest)
        try:
            token = token_over(ask(asked), message_digest, nonce)
        except (AuthorityAway, NoAuthority, BadStamp) as error:
            raise NotStamped(str(error)) from None
        return cms.ContentInfo.load(token)
