"""Codes by text message: how people without an account prove that a phone is theirs.

A code is derived from the id of its challenge, so neither the database nor a job ever holds it. Limits count per phone in
its one normalised form, under a lock on that phone. Answers are the same whether or not the phone is known here.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from jike import privacy
from jike.accounts.models import PhoneChallenge
from jike.base.errors import Blocker, Refused, refuse_if
from jike.outbox.posting import post
from jike.privacy.keyring import keyring

logger = logging.getLogger(__name__)

SEND_TOPIC = "accounts.send_code"
LIFE = timedelta(minutes=5)
PAUSE = timedelta(seconds=60)
MOST_PER_HOUR, MOST_PER_DAY = 5, 10
MOST_TRIES = 5
BUSY_ADDRESS = 30
KEPT_FOR = timedelta(days=2)


def send(phone: str, *, purpose: str, session_key: str, address: str, now: datetime, is_decoy: bool = False) -> UUID:
    """Send a code to `phone`; returns the challenge that `check` wants back. Raises `Refused` beyond the limits.

    Pass `is_decoy=True` where the phone does not fit what was asked (a receipt of somebody else): nothing is sent, and the
    answer, the limits and the work are the same. The caller stands outside any transaction.
    """
    number = _normal(phone)
    index = privacy.blind_index("phone", number)
    with transaction.atomic(durable=True):
        _lock(index)
        refuse_if(_blockers_to_send(index, now))
        challenge = PhoneChallenge(
            phone_index=index,
            phone=number,
            purpose=purpose,
            session_binding=_binding(session_key),
            address_index=privacy.blind_index("address", address),
            is_decoy=is_decoy,
            created_at=now,
            expires_at=now + LIFE,
        )
        challenge.save(force_insert=True)
        post(SEND_TOPIC, key=f"{SEND_TOPIC}:{challenge.pk}", body={"challenge": str(challenge.pk)}, now=now)
    _watch(challenge, now)
    return challenge.pk


def check(challenge_id: UUID | str | None, code: str, *, purpose: str, session_key: str, now: datetime) -> str:
    """The phone that `code` proves, normalised. Works once; every wrong answer is the same `Refused`.

    The try is counted in a transaction of its own, before the code is compared, so that neither a roll-back nor parallel
    guesses give more than five. The caller stands outside any transaction.
    """
    challenge = _take_try(challenge_id, purpose=purpose, session_key=session_key, now=now)
    expected = code_of(challenge.pk) if challenge else "······"
    is_right = hmac.compare_digest(expected.encode(), _digits(code).encode())
    if challenge is None or not is_right or challenge.is_decoy or not _use(challenge, now):
        raise Refused(
            [
                Blocker(
                    "phone_code.wrong",
                    _("The code is wrong or has expired. Check it, or ask for a new one."),
                    field="code",
                )
            ]
        )
    return privacy.open_sealed(challenge, "phone")


def code_of(challenge_id: UUID) -> str:
    """The six digits of a challenge."""
    key = keyring("LINK_KEY")
    digest = hmac.digest(key.keys[key.current], b"jike.phone-code|" + challenge_id.bytes, hashlib.sha256)
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06}"


def forget_old(now: datetime) -> int:
    """Delete challenges that no limit counts any more, and destroy their keys. At most 500 in one run."""
    old = list(
        PhoneChallenge.objects.filter(created_at__lt=now - KEPT_FOR)
        .order_by("created_at")
        .values_list("pk", flat=True)[:500]
    )
    for challenge_id in old:
        with transaction.atomic():
            privacy.destroy_key(challenge_id, now=now)
            PhoneChallenge.objects.filter(pk=challenge_id).delete()
    return len(old)


def _normal(phone: str) -> str:
    try:
        return privacy.normalise_phone(phone)
    except ValueError as error:
        raise Refused([Blocker("phone.malformed", str(error), field="phone")]) from None


def _lock(index: bytes) -> None:
    """One sending at a time for each phone: two hundred parallel requests count each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(index[:8], signed=True)])


def _blockers_to_send(index: bytes, now: datetime) -> list[Blocker]:
    sent = list(
        PhoneChallenge.objects.filter(phone_index=index, created_at__gt=now - timedelta(days=1)).values_list(
            "created_at", flat=True
        )
    )
    if any(at > now - PAUSE for at in sent):
        return [
            Blocker(
                "phone_code.too_soon",
                _("A code was sent a moment ago. Wait a minute before you ask for another."),
                field="phone",
            )
        ]
    if len(sent) >= MOST_PER_DAY or sum(at > now - timedelta(hours=1) for at in sent) >= MOST_PER_HOUR:
        return [
            Blocker(
                "phone_code.too_many",
                _("Too many codes were sent to this phone. Try again later, or call our hotline."),
                field="phone",
            )
        ]
    return []


def _binding(session_key: str) -> bytes:
    return hashlib.sha256(f"jike.challenge|{session_key}".encode()).digest()


def _digits(code: str) -> str:
    """What a phone keyboard makes of six digits: full width, spaces between."""
    return "".join(c for c in unicodedata.normalize("NFKC", code) if c.isascii() and c.isdigit())


def _take_try(
    challenge_id: UUID | str | None, *, purpose: str, session_key: str, now: datetime
) -> PhoneChallenge | None:
    """The challenge, one try poorer; None when it is not this session's, not for this purpose, over, used up or used."""
    try:
        wanted = UUID(str(challenge_id))
    except ValueError:
        return None
    open_rows = PhoneChallenge.objects.filter(
        pk=wanted,
        purpose=purpose,
        session_binding=_binding(session_key),
        used_at=None,
        expires_at__gt=now,
        tries__lt=MOST_TRIES,
    )
    with transaction.atomic(durable=True):
        return PhoneChallenge.objects.get(pk=wanted) if open_rows.update(tries=F("tries") + 1) else None


def _use(challenge: PhoneChallenge, now: datetime) -> bool:
    """Mark it used; false for the second of two requests with the right code."""
    return bool(PhoneChallenge.objects.filter(pk=challenge.pk, used_at=None).update(used_at=now))


def _watch(challenge: PhoneChallenge, now: datetime) -> None:
    """A busy address is reported, not shut out: thousands of phones stand behind one address of a mobile carrier."""
    hour = PhoneChallenge.objects.filter(
        address_index=challenge.address_index, created_at__gt=now - timedelta(hours=1)
    ).count()
    if hour > BUSY_ADDRESS:
        logger.warning("codes.address_busy challenge=%s count=%d", challenge.pk, hour)
