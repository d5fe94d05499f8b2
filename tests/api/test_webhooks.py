"""Webhooks: signed as the standard says, sent by the outbox, tried again, never into the house, replayed by hand."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from cases.api.events import event_type, event_types
from cases.complaints import actions
from jike.api import addresses, webhooks
from jike.api.models import Shipment, Subscription
from jike.base.dates import now, pinned
from jike.outbox import jobs
from jike.outbox.models import Job
from tests.accounts.signing_in import sign_in
from tests.api.conftest import Program, make_program
from tests.factories import complaints as factory
from tests.people import Cast, staff

HOOKS = "/api/v1/webhooks/"
NAME, PHONE = "欧阳靖宇", "13987650001"


class Receiver:
    """A subscriber on loopback that answers as told."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook?x=1"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_PRIVATE = True
    found = Receiver()
    threading.Thread(target=found.server.serve_forever, daemon=True).start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    webhooks.forget()


@pytest.fixture
def listener(cast: Cast) -> Program:
    return make_program("webhooks.manage", "cases.read", role="integration")


def subscribed(listener: Program, receiver: Receiver, *types: str) -> dict[str, Any]:
    answer = listener.post(HOOKS, {"url": receiver.url, "types": list(types) or ["*"]})
    assert answer.status_code == 201, answer.content
    return answer.json()


def signature_by_openssl(secret: str, headers: dict[str, str], body: bytes) -> str:
    """A second implementation: the same HMAC by another program."""
    key = base64.b64decode(secret.removeprefix("whsec_")).hex()
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}", "-binary"]
    return (
        "v1,"
        + base64.b64encode(subprocess.run(command, input=content, capture_output=True, check=True).stdout).decode()
    )


def test_signing_gives_the_published_example() -> None:
    body = b'{"test": 2432232314}'

    signature = webhooks.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body
    )

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_event_reaches_its_subscriber_signed_and_without_people(listener: Program, receiver: Receiver) -> None:
    made = subscribed(listener, receiver, "case.filed")

    case = factory.file(name=NAME, phone=PHONE, now=now())
    jobs.run_due()

    ((headers, body),) = receiver.calls
    content = json.loads(body)
    assert headers["webhook-signature"] == signature_by_openssl(made["secret"], headers, body)
    assert headers["webhook-id"] == f"msg_{case.events.get().pk.hex}"
    assert headers["content-type"] == "application/json"
    assert content["type"] == "case.filed"
    assert set(content["data"]) == {"event", "at", "case", "kind", "seq", "verb", "before", "after", "actor_kind"}
    assert (content["data"]["case"], content["data"]["after"]) == (case.number, "received")
    assert not [word for word in (NAME, PHONE) if word in body.decode()]
    row = Shipment.objects.get()
    assert (row.status, row.tries, row.error) == (200, 1, "")
    assert row.delivered_at is not None


def test_nobody_hears_of_cases_they_may_not_list(cast: Cast, listener: Program, receiver: Receiver) -> None:
    far = make_program("webhooks.manage", role="integration", unit=cast.other_unit)
    subscribed(far, receiver)
    subscribed(listener, receiver, "case.claimed")

    case = factory.file(now=now())
    actions.claim_complaint(case, actor=cast.handler.actor, now=now())
    jobs.run_due()

    assert [json.loads(body)["type"] for _headers, body in receiver.calls] == ["case.claimed"]


def test_failures_are_tried_again_with_a_doubling_pause(listener: Program, receiver: Receiver) -> None:
    subscribed(listener, receiver, "case.filed")
    receiver.answers = [500, 302, 429, 200]
    factory.file(now=now())
    start, pauses = now(), []
    jobs.run_due()
    for _try in range(3):
        job = Job.objects.get(topic=webhooks.TOPIC)
        assert job.state == "ready"
        pauses.append(job.due_at)
        with pinned(job.due_at + timedelta(seconds=1)):
            jobs.run_due()

    assert len(receiver.calls) == 4
    assert len({headers["webhook-id"] for headers, _body in receiver.calls}) == 1
    gaps = [(b - a).total_seconds() for a, b in zip([start, *pauses], pauses, strict=False)]
    assert gaps[1] > gaps[0] and gaps[2] > gaps[1]
    row = Shipment.objects.get()
    assert (row.status, row.tries, row.error) == (200, 4, "")


def test_gone_ends_it_and_dead_letters_are_kept(listener: Program, receiver: Receiver) -> None:
    subscribed(listener, receiver, "case.filed")
    receiver.answers = [410]
    factory.file(now=now())
    jobs.run_due()

    assert Job.objects.get(topic=webhooks.TOPIC).state == "dead"
    assert Shipment.objects.get().error == "webhook.answered_410"


def test_replay_sends_the_same_message_again(cast: Cast, listener: Program, receiver: Receiver) -> None:
    subscribed(listener, receiver, "case.filed")
    factory.file(now=now())
    jobs.run_due()
    row = Shipment.objects.get()
    operator = sign_in(Client(), staff("ops", "system_admin", unit=cast.unit).user)

    page = operator.get("/staff/admin/webhooks/").content.decode()
    assert "case.filed" in page and "200" in page
    assert operator.post(f"/staff/admin/webhooks/{row.pk}/replay/").status_code == 302
    jobs.run_due()

    assert len(receiver.calls) == 2
    assert receiver.calls[0][0]["webhook-id"] == receiver.calls[1][0]["webhook-id"]
    assert receiver.calls[0][1] == receiver.calls[1][1]
    assert Shipment.objects.get().round == 2
    for other in (cast.handler, cast.supervisor, cast.auditor):
        client = sign_in(Client(), other.user)
        assert client.get("/staff/admin/webhooks/").status_code == 404
        assert client.post(f"/staff/admin/webhooks/{row.pk}/replay/").status_code == 404


def test_subscriptions_are_ones_own(cast: Cast, listener: Program, receiver: Receiver) -> None:
    made = subscribed(listener, receiver, "case.filed")
    other = make_program("webhooks.manage", role="integration")

    assert [row["id"] for row in listener.get(HOOKS).json()["results"]] == [made["id"]]
    assert "secret" not in listener.get(f"{HOOKS}{made['id']}/").json()
    missing = other.get(f"{HOOKS}01a20500-0000-7000-8000-000000000000/")
    theirs = other.get(f"{HOOKS}{made['id']}/")
    assert (theirs.status_code, theirs.content) == (404, missing.content)
    assert other.client.delete(f"{HOOKS}{made['id']}/", headers=other.headers()).status_code == 404
    assert listener.client.delete(f"{HOOKS}{made['id']}/", headers=listener.headers()).status_code == 204
    assert listener.get(f"{HOOKS}{made['id']}/").status_code == 404
    factory.file(now=now())
    jobs.run_due()
    assert receiver.calls == []


def test_the_secret_is_sealed(listener: Program, receiver: Receiver) -> None:
    made = subscribed(listener, receiver)

    assert made["secret"] not in str(list(Subscription.objects.values())) + str(list(Shipment.objects.values()))
    assert len(base64.b64decode(made["secret"].removeprefix("whsec_"))) == 32


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://127.0.0.1/", "https://10.0.0.1/", "https://192.168.1.1/x", "https://[::1]/", "https://169.254.169.254/",
     "https://100.64.0.1/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://localhost/", "https://db.internal/",
     "https://user:pw@example.com/", "ftp://example.com/", "https://", "https://exa mple.com/", "https://example.com:99999/", "file:///etc/passwd", "https://0/"],
)  # fmt: skip
def test_no_address_inside_the_house_is_taken(listener: Program, url: str) -> None:
    answer = listener.post(HOOKS, {"url": url, "types": ["case.filed"]})

    assert answer.status_code == (409 if url.startswith("http") else 400), url
    assert [b["field"] for b in answer.json()["blockers"]] == ["url"]
    assert not Subscription.objects.exists()


def test_a_name_that_points_inside_is_not_called(
    listener: Program, receiver: Receiver, settings: Any, monkeypatch
) -> None:
    subscribed(listener, receiver, "case.filed")
    settings.WEBHOOKS_TO_PRIVATE = False
    looked_up: list[str] = []

    def lookup(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        looked_up.append(host)
        return [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.1.2.3", 80))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", lookup)
    factory.file(now=now())
    jobs.run_due()

    assert looked_up == ["127.0.0.1"]
    assert receiver.calls == []
    assert Shipment.objects.get().error == "webhook.private_address"
    assert Job.objects.get(topic=webhooks.TOPIC).state == "dead"


def test_types_are_words_people_understand() -> None:
    assert event_type("complaints.accept") == "case.accepted"
    assert event_type("complaints.classify") == "case.classified"
    assert event_type("complaints.withdraw") == "case.withdrawn"
    assert event_type("complaints.propose_decision") == "case.decision_proposed"
    assert event_type("complaints.extend_30") == "case.extended_30"
    assert {"case.filed", "case.claimed", "case.notified", "case.closed"} <= set(event_types())


def test_types_and_powers_are_asked(listener: Program, cast: Cast, settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    unknown = listener.post(HOOKS, {"url": "https://example.com/", "types": ["case.nothing"]})
    assert [b["code"] for b in unknown.json()["blockers"]] == ["types.unknown"]
    weak = make_program("webhooks.manage", role="handler").post(HOOKS, {"url": "https://example.com/", "types": ["*"]})
    assert (weak.status_code, weak.json()["code"]) == (403, "actor.no_power")
