"""Phone codes: limits, binding, single use, and that a code is nowhere to be read."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from jike import privacy
from jike.accounts import codes, handlers
from jike.accounts.models import PhoneChallenge
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.outbox.channels.base import Receipt
from jike.outbox.models import Job
from jike.outbox.working import run_job
from jike.privacy.models import DataKey

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PHONE = "13800138000"


def send(
    phone: str = PHONE,
    *,
    now: datetime = NOW,
    purpose: str = "complain",
    session: str = "p.one",
    is_decoy: bool = False,
) -> UUID:
    return codes.send(phone, purpose=purpose, session_key=session, address="203.0.113.7", now=now, is_decoy=is_decoy)


def check(
    challenge: UUID | str | None, code: str, *, now: datetime = NOW, purpose: str = "complain", session: str = "p.one"
) -> str:
    return codes.check(challenge, code, purpose=purpose, session_key=session, now=now)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def refusal(call: object, *args: object, **kwargs: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)  # type: ignore[operator]
    return [blocker.code for blocker in refused.value.blockers]


@pytest.mark.django_db
def test_right_code_proves_the_phone_once() -> None:
    challenge = send("+86 138-0013-8000")

    assert check(challenge, codes.code_of(challenge)) == PHONE
    assert refusal(check, challenge, codes.code_of(challenge)) == ["phone_code.wrong"]


@pytest.mark.django_db
def test_code_may_be_typed_in_full_width_with_spaces() -> None:
    challenge = send()
    typed = " ".join(chr(ord(digit) + 0xFEE0) for digit in codes.code_of(challenge))

    assert check(challenge, typed) == PHONE


@pytest.mark.django_db
def test_five_tries_are_all() -> None:
    challenge = send()
    right = codes.code_of(challenge)

    for _try in range(5):
        assert refusal(check, challenge, wrong(right)) == ["phone_code.wrong"]

    assert refusal(check, challenge, right) == ["phone_code.wrong"]
    assert PhoneChallenge.objects.get(pk=challenge).tries == 5


@pytest.mark.django_db
def test_fifth_try_may_still_be_right() -> None:
    challenge = send()
    right = codes.code_of(challenge)
    for _try in range(4):
        refusal(check, challenge, wrong(right))

    assert check(challenge, right) == PHONE


@pytest.mark.django_db
def test_code_expires_after_five_minutes() -> None:
    challenge = send()

    assert refusal(check, challenge, codes.code_of(challenge), now=NOW + timedelta(minutes=5)) == ["phone_code.wrong"]
    assert check(challenge, codes.code_of(challenge), now=NOW + timedelta(minutes=5, seconds=-1)) == PHONE


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"purpose": "track"}, {"session": "p.two"}])
def test_code_is_bound_to_purpose_and_session(other: dict[str, str]) -> None:
    challenge = send()

    assert refusal(check, challenge, codes.code_of(challenge), **other) == ["phone_code.wrong"]
    assert check(challenge, codes.code_of(challenge)) == PHONE


@pytest.mark.django_db
def test_code_of_one_phone_does_not_prove_another() -> None:
    mine, other = send(), send("13900139000")

    assert refusal(check, mine, codes.code_of(other)) == ["phone_code.wrong"]
    assert check(other, codes.code_of(other)) == "13900139000"


@pytest.mark.django_db
@pytest.mark.parametrize("challenge", [None, "", "not-an-id", uuid7()])
def test_unknown_challenge_is_answered_like_a_wrong_code(challenge: UUID | str | None) -> None:
    assert refusal(check, challenge, "123456") == ["phone_code.wrong"]


@pytest.mark.django_db
def test_decoy_takes_no_code_and_looks_the_same() -> None:
    challenge = send(is_decoy=True)

    assert refusal(check, challenge, codes.code_of(challenge)) == ["phone_code.wrong"]
    assert refusal(send) == ["phone_code.too_soon"]
    assert Job.objects.get().topic == "accounts.send_code"


VARIANTS = [
    "13800138000",
    "+8613800138000",
    "008613800138000",
    "8613800138000",
    " 13800138000 ",
    "138 0013 8000",
    "138-0013-8000",
    "１３８００１３８０００",
    "＋８６ 138 0013 8000",
    "+86-138-0013-8000",
    "(+86)13800138000",
    "138.0013.8000",
]


@pytest.mark.django_db
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_way_to_write_a_number_is_one_phone(variant: str) -> None:
    send()

    assert refusal(send, variant) == ["phone_code.too_soon"]


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["", "123", "12800138000", "138001380001", "02088888888", "1380013800a"])
def test_what_is_no_mobile_number_is_refused(phone: str) -> None:
    assert refusal(send, phone) == ["phone.malformed"]
    assert not PhoneChallenge.objects.exists()


@pytest.mark.django_db
def test_limits_are_one_a_minute_five_an_hour_ten_a_day() -> None:
    def sent_at(*, minutes: float) -> str:
        try:
            send(now=NOW + timedelta(minutes=minutes))
        except Refused as refused:
            return refused.blockers[0].code
        return "sent"

    first = [sent_at(minutes=m) for m in (0, 0.99, 1, 2, 3, 4, 5, 59)]
    second = [sent_at(minutes=m) for m in (61, 62, 63, 64, 65, 130, 23 * 60)]

    assert first == ["sent", "phone_code.too_soon", *["sent"] * 4, *["phone_code.too_many"] * 2]
    assert second == [*["sent"] * 5, *["phone_code.too_many"] * 2]
    assert sent_at(minutes=24 * 60 + 70) == "sent"


@pytest.fixture
def committed(own_database: str) -> None:
    """Real commits, seen by every thread, in a database of their own."""


def test_parallel_sends_make_one_message(committed: None) -> None:
    def one(number: int) -> str:
        try:
            send(VARIANTS[number % len(VARIANTS)], session=f"p.{number}")
            return "sent"
        except Refused as refused:
            return refused.blockers[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(40)))

    assert sorted(answers) == [*["phone_code.too_soon"] * 39, "sent"]
    assert Job.objects.count() == 1


def test_parallel_guesses_get_five_tries(committed: None) -> None:
    challenge = send()
    right = codes.code_of(challenge)

    def guess(_number: int) -> None:
        try:
            refusal(check, challenge, wrong(right))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(24)))

    assert PhoneChallenge.objects.get(pk=challenge).tries == 5


@pytest.mark.django_db
def test_code_and_phone_are_in_no_row_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    challenge = send()
    code = codes.code_of(challenge)
    refusal(check, challenge, wrong(code))
    check(challenge, code)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(j)::text FROM outbox_job j UNION ALL SELECT row_to_json(c)::text FROM accounts_phonechallenge c"
        )
        rows = "\n".join(row[0] for row in cursor.fetchall())

    assert str(challenge) in rows
    assert (code in rows, PHONE in rows, PHONE.encode().hex() in rows) == (False, False, False)
    assert (code in caplog.text, PHONE in caplog.text) == (False, False)


@pytest.fixture(autouse=True)
def quiet_doorbell(settings: pytest.FixtureRequest) -> None:
    settings.OUTBOX_DOORBELL = False


class Provider:
    """A text message provider that remembers what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, to: str, subject: str, text: str, *, key: str) -> Receipt:
        self.sent.append((to, text, key))
        return Receipt("sms", "1", NOW)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider()
    monkeypatch.setattr("jike.outbox.channels.get", lambda name: provider)
    return provider


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(handlers, "current_instant", lambda: instant)


@pytest.mark.django_db
def test_job_sends_the_code_to_the_phone(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)
    challenge = send()

    assert run_job(Job.objects.get().pk, clock=lambda: NOW) == "done"
    [(to, text, key)] = provider.sent
    assert (to, key) == (PHONE, f"accounts.code:{challenge}")
    assert codes.code_of(challenge) in text
    assert text.startswith("【即科消保】")
    assert len(text) <= 70


@pytest.mark.django_db
def test_nothing_is_sent_after_expiry_or_for_a_decoy(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW + timedelta(minutes=5))
    send()
    send("13900139000", is_decoy=True)

    outcomes = [run_job(job.pk, clock=lambda: NOW + timedelta(minutes=5)) for job in Job.objects.all()]

    assert outcomes == ["done", "done"]
    assert provider.sent == []


@pytest.mark.django_db
def test_old_challenges_are_forgotten_with_their_keys() -> None:
    old, recent = send(), send(now=NOW + timedelta(days=1))

    assert codes.forget_old(NOW + timedelta(days=2, minutes=1)) == 1

    assert list(PhoneChallenge.objects.values_list("pk", flat=True)) == [recent]
    assert DataKey.objects.get(pk=old).destroyed_at is not None
    assert privacy.open_sealed(PhoneChallenge.objects.get(), "phone") == PHONE
