"""What security tests begin with: everybody twice, and never on a database that could be real."""

from __future__ import annotations

import json
from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from cases.models import Case, Event
from jike.accounts.models import User
from jike.accounts.roles import table

pytestmark = pytest.mark.django_db


def seeded() -> dict:
    out = StringIO()
    call_command("seed_security", "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_every_role_and_every_state_are_there_twice_and_signing_in_works(settings) -> None:
    settings.DEMO = True

    made = seeded()

    roles = Counter(role for account in made["accounts"] for role in account["roles"])
    assert roles == dict.fromkeys(table().roles, 2)
    assert {account["unit"] for account in made["accounts"]} == {"HQ-CP", "BR-EAST"}
    states = Counter(case["state"] for case in made["cases"])
    assert states == dict.fromkeys(("received", "investigating", "deciding", "decided"), 2)
    assert len({case["phone"] for case in made["cases"]}) == len({case["phone"] for case in made["inquiries"]}) == 2
    assert {report["state"] for report in made["police_reports"]} == {"preparing"} and len(made["police_reports"]) == 2
    account = made["accounts"][0]
    request = RequestFactory().post("/staff/sign-in/")
    user = authenticate(request, username=account["username"], password=account["password"])
    assert str(user.pk) == account["id"]


def test_seeding_again_changes_nothing(settings) -> None:
    settings.DEMO = True
    first = seeded()
    rows = (User.objects.count(), Case.objects.count(), Event.objects.count())

    assert seeded() == first
    assert (User.objects.count(), Case.objects.count(), Event.objects.count()) == rows


def test_seeding_is_refused_where_people_may_be_real(settings) -> None:
    settings.DEMO = settings.EMBEDDED = settings.DEBUG = False

    with pytest.raises(CommandError, match="embedded"):
        seeded()
    assert not User.objects.exists()
