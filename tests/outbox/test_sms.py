import hashlib
import hmac
import http.client
import json
import time
from urllib.parse import urlsplit

import pytest

from jike.outbox import channels, jobs
from jike.outbox.channels import sms
from jike.outbox.channels.base import provider_id_of
from jike.outbox.channels.breaker import Breaker
from jike.outbox.errors import ChannelRefused, ChannelUnavailable, Postpone
from jike.outbox.fakes.sms import KEY_ID, SECRET, FakeSms
from jike.outbox.models import Job
from jike.outbox.signing import is_authentic, sign
from tests.outbox.conftest import NOW

PHONE, TEXT = "13800138000", "您的投诉已受理。"


def send(key="k"):
    return channels.get("sms").send(PHONE, "", TEXT, key=key)


def test_sign_is_hmac_sha256_over_timestamp_and_body():
    expected = hmac.new(b"secret", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()

    assert sign("secret", 1_700_000_000, b'{"a":1}') == f"v1={expected}"


@pytest.mark.parametrize(
    ("changed", "accepted"),
    [
        ({}, True),
        ({"now": 1_700_000_300}, True),
        ({"now": 1_699_999_700}, True),
        ({"now": 1_700_000_301}, False),
        ({"now": 1_699_999_699}, False),
        ({"body": b"other"}, False),
        ({"secret": "other"}, False),
        ({"timestamp": "1700000001"}, False),
        ({"timestamp": "17e8"}, False),
        ({"timestamp": ""}, False),
        ({"signature": ""}, False),
        ({"signature": "v1=é"}, False),
    ],
)
def test_is_authentic_accepts_exactly_what_was_signed_within_five_minutes(changed, accepted):
    call = {
        "secret": "secret",
        "timestamp": "1700000000",
        "body": b"text",
        "signature": sign("secret", 1_700_000_000, b"text"),
    }

    result = is_authentic(**{"now": 1_700_000_000, **call, **changed})

    assert result is accepted


def test_send_is_accepted_with_a_receipt(fake_sms):
    receipt = send()

    assert (receipt.provider, receipt.provider_id[:4]) == ("sms", "sms-")
    assert fake_sms.sent == [{"key": "k", "to": PHONE, "text": TEXT}]


def test_send_again_with_one_key_reaches_the_phone_once(fake_sms):
    assert send().provider_id == send().provider_id
    assert fake_sms.calls == {"k": 2}
    assert len(fake_sms.sent) == 1


@pytest.mark.parametrize("change", ["secret", "timestamp", "body", "key"])
def test_the_provider_refuses_a_forged_call(fake_sms, change):
    body = json.dumps({"key": "k", "to": PHONE, "text": TEXT}).encode()
    timestamp = int(time.time()) - (301 if change == "timestamp" else 0)
    signature = sign("forged" if change == "secret" else SECRET, timestamp, body)
    headers = {
        "X-Jike-Key": KEY_ID,
        "X-Jike-Timestamp": str(timestamp),
        "X-Jike-Signature": signature,
        "Idempotency-Key": "other" if change == "key" else "k",
    }
    url = urlsplit(fake_sms.url)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5)
    connection.request("POST", url.path, body=body + b" " if change == "body" else body, headers=headers)
    status = connection.getresponse().status
    connection.close()

    assert status == (400 if change == "key" else 401)
    assert fake_sms.sent == []


@pytest.mark.parametrize(
    ("fault", "error", "code", "arrived"),
    [
        ("500", ChannelUnavailable, "sms.failed", 0),
        ("503", ChannelUnavailable, "sms.failed", 0),
        ("429", Postpone, "sms.busy", 0),
        ("422", ChannelRefused, "sms.refused", 0),
        ("reset", ChannelUnavailable, "sms.unreachable", 1),
        ("garbage", ChannelUnavailable, "sms.bad_answer", 1),
        ("silent", ChannelUnavailable, "sms.timeout", 1),
    ],
)
def test_every_fault_has_its_code_and_asking_again_sends_once(fake_sms, monkeypatch, fault, error, code, arrived):
    monkeypatch.setattr(sms, "TIMEOUT_SECONDS", 0.3)
    fake_sms.fail([fault])

    with pytest.raises(error) as failure:
        send()
    assert failure.value.code == code
    assert PHONE not in str(failure.value) and failure.value.__cause__ is None
    assert len(fake_sms.sent) == arrived

    send()
    assert len(fake_sms.sent) == 1
    assert fake_sms.calls["k"] == 2


def test_a_slow_provider_is_waited_for(fake_sms):
    fake_sms.slow_seconds = 0.2
    fake_sms.fail(["slow"])

    assert send().provider == "sms"


def test_a_wrong_secret_is_no_fault_of_the_message(settings, fake_sms):
    settings.SMS_URL = fake_sms.url.replace(SECRET, "wrong")

    with pytest.raises(ChannelUnavailable) as failure:
        send()

    assert failure.value.code == "sms.unauthorised"


def test_the_breaker_opens_after_five_failures_and_lets_one_try_after_the_rest(fake_sms, monkeypatch):
    fake_sms.fail(["500"] * 6)
    for _ in range(5):
        with pytest.raises(ChannelUnavailable):
            send()

    with pytest.raises(Postpone) as resting:
        send()
    assert resting.value.code == "sms.resting"
    assert fake_sms.calls["k"] == 5

    sms._breaker._closed_from = 0.0
    with pytest.raises(ChannelUnavailable):
        send()
    with pytest.raises(Postpone):
        send()
    sms._breaker._closed_from = 0.0
    assert send().provider == "sms"
    assert send().provider == "sms"


def test_the_breaker_lets_only_one_caller_try():
    breaker = Breaker("sms")
    for _ in range(5):
        breaker.failed()
    breaker._closed_from = 0.0

    breaker.ask()

    with pytest.raises(Postpone):
        breaker.ask()


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("", ["sms.not_configured"]),
        ("http://key:secret@sms.example.org/", ["sms.not_https"]),
        ("https://sms.example.org/", ["sms.no_secret"]),
        ("https://key:secret@sms.example.org/", []),
        ("http://key:secret@127.0.0.1:1/", []),
    ],
)
def test_check_config_says_what_is_missing(settings, url, codes):
    settings.SMS_URL = url

    assert [blocker.code for blocker in channels.get("sms").check_config()] == codes
    assert [blocker.code for blocker in channels.check_config()["sms"]] == codes


@pytest.mark.django_db
def test_without_a_provider_the_job_waits_visibly(settings, topic):
    settings.SMS_URL = ""
    topic(lambda job: send(job.key) and None)
    job = jobs.post("tests.work", key="k", body={}, now=NOW)

    assert jobs.run_job(job.pk, clock=lambda: NOW) == "postponed"

    job = Job.objects.get()
    assert (job.state, job.last_error, job.attempts) == ("ready", "sms.not_configured", 0)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("sms-1", True), ("900619746936498440^0", True), ("13800138000", False), ("张三", False), ("x" * 65, False)],
)
def test_provider_id_of_keeps_numbers_of_messages_only(given, kept):
    assert (provider_id_of(given) == given) is kept
    assert len(provider_id_of(given)) <= 64


def test_the_fake_records_arrivals_without_the_person(tmp_path):
    record = tmp_path / "calls.jsonl"
    with FakeSms(record=record) as fake:
        channel = sms.SmsChannel(fake.url)
        channel.send(PHONE, "", TEXT, key="k")
        with pytest.raises(ValueError):
            fake.fail(["explode"])

    line = json.loads(record.read_text(encoding="utf-8"))
    assert (line["key"], line["fault"]) == ("k", "ok")
    assert PHONE not in record.read_text(encoding="utf-8")


def test_a_fake_without_deduplication_shows_every_repetition():
    with FakeSms(dedupe=False) as fake:
        channel = sms.SmsChannel(fake.url)
        channel.send(PHONE, "", TEXT, key="k")
        channel.send(PHONE, "", TEXT, key="k")

        assert len(fake.sent) == 2
