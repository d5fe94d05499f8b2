"""Who may come: living keys with a scope, sessions that prove themselves, nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from jike.accounts.models import User
from jike.api import keys
from jike.api.models import ApiKey
from jike.base.dates import now, pinned
from jike.base.errors import Refused
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.people import Cast, staff

CASES = "/api/v1/cases/"


def test_a_key_opens_what_its_scopes_say(program, cast: Cast) -> None:
    case = factory.file()
    reader = program("cases.read")

    listed = reader.get(CASES)

    assert listed.status_code == 200
    assert [row["number"] for row in listed.json()["results"]] == [case.number]
    assert program("webhooks.manage").get(CASES).json()["code"] == "actor.no_scope"
    assert program("webhooks.manage").get(CASES).status_code == 403


@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer jk_x", "Bearer jk_abcdefgh_" + "A" * 43, "Basic abc", "Bearer \x01"]
)
def test_without_a_living_key_nothing_opens(cast: Cast, header: str) -> None:
    response = Client().get(CASES, headers={"Authorization": header} if header else {})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "key.missing"


def test_revoked_expired_and_disabled_keys_are_nobodys(program, cast: Cast) -> None:
    revoked, expired, disabled = program("cases.read"), program("cases.read", days=1), program("cases.read")
    assert [one.get(CASES).status_code for one in (revoked, expired, disabled)] == [200, 200, 200]

    call_command("api_key", "revoke", revoked.key.prefix, stdout=StringIO())
    User.objects.filter(pk=disabled.key.owner_id).update(is_active=False)

    assert revoked.get(CASES).status_code == disabled.get(CASES).status_code == 401
    with pinned(now() + timedelta(days=2)):
        assert expired.get(CASES).status_code == 401


def test_a_wrong_secret_with_a_right_prefix_is_refused(program, cast: Cast) -> None:
    one, other = program("cases.read"), program("cases.read")
    one.token = f"jk_{one.key.prefix}_{other.token.rpartition('_')[2]}"

    assert one.get(CASES).status_code == 401


def test_only_a_digest_is_kept(program, cast: Cast) -> None:
    made = program("cases.read")

    stored = json.dumps(list(ApiKey.objects.values()), default=str)

    assert made.token not in stored
    assert made.token.rpartition("_")[2] not in stored
    assert not made.key.owner.has_usable_password()


def test_a_session_needs_the_forgery_token_to_write(cast: Cast) -> None:
    case = factory.file()
    client = sign_in(Client(enforce_csrf_checks=True), cast.handler.user)
    claim = f"{CASES}{case.number}/verbs/claim/"

    assert client.get(CASES).status_code == 200
    refused = client.post(claim, {}, content_type="application/json", headers={"Idempotency-Key": "a"})
    assert (refused.status_code, refused.json()["code"]) == (403, "actor.csrf")

    client.get("/staff/queue/")
    token = client.cookies["jike_staff_csrf"].value
    done = client.post(
        claim, {}, content_type="application/json", headers={"Idempotency-Key": "a", "X-CSRFToken": token}
    )
    assert done.status_code == 200, done.content


def test_a_dead_key_never_falls_back_to_the_session(cast: Cast) -> None:
    client = sign_in(Client(), cast.handler.user)

    assert client.get(CASES, headers={"Authorization": "Bearer jk_dead"}).status_code == 401


def test_programs_neither_approve_nor_administrate(cast: Cast) -> None:
    actor = staff("sec", "security_admin", unit=cast.unit).actor
    for role in ("supervisor", "executive", "auditor", "security_admin", "system_admin", "nobody"):
        with pytest.raises(Refused) as refused:
            keys.create_key(actor=actor, now=now(), name="x", unit=cast.unit, role=role, scopes=["cases.read"])
        assert [b.code for b in refused.value.blockers] == ["role.unfit"]
    with pytest.raises(Refused) as refused:
        keys.create_key(actor=cast.handler.actor, now=now(), name=" ", unit=None, role="x", scopes=["x"], days=0)
    assert [b.code for b in refused.value.blockers] == [
        "actor.no_power", "name.missing", "unit.unknown", "role.unfit", "scopes.unknown", "days.out_of_range",
    ]  # fmt: skip
    assert not ApiKey.objects.exists()


def test_scopes_never_add_a_power(program, cast: Cast) -> None:
    """The service account's role is the ceiling: an integration cannot claim, whatever its scopes."""
    case = factory.file()
    weak = program("complaints.*", role="integration")

    response = weak.post(f"{CASES}{case.number}/verbs/claim/")

    assert response.status_code == 403
    assert [b["code"] for b in response.json()["blockers"]] == ["actor.no_power"]


def test_use_is_noted_coarsely(program, cast: Cast) -> None:
    made = program("cases.read")
    start = now()
    for minutes in (0, 5, 11):
        with pinned(start + timedelta(minutes=minutes)):
            made.get(CASES)
        made.key.refresh_from_db()
        expected = start + timedelta(minutes=0 if minutes < 10 else minutes)
        assert made.key.last_used_at == expected


def test_command_makes_lists_and_revokes(cast: Cast) -> None:
    out = StringIO()
    call_command("api_key", "create", "总台", "--scope", "cases.read", "--json", stdout=out)
    made = json.loads(out.getvalue().splitlines()[-1])
    assert Client().get(CASES, headers={"Authorization": f"Bearer {made['key']}"}).status_code == 200

    out = StringIO()
    call_command("api_key", "list", "--json", stdout=out)
    assert [row["prefix"] for row in json.loads(out.getvalue())] == [made["prefix"]]
    assert made["key"] not in out.getvalue()
    with pytest.raises(CommandError, match=r"complaints\.claim"):
        call_command("api_key", "create", "x", "--scope", "nothing")
    with pytest.raises(CommandError):
        call_command("api_key", "revoke", "nothing")
