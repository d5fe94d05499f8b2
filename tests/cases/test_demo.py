"""The demo: every state reached through the real actions, the same after a second run, visible only in demo mode."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.demo import story
from cases.demo.accounts import password_of
from cases.demo.story import chapters, moment
from cases.inquiries.models import Inquiry
from cases.inquiries.states import Nature
from cases.inquiries.states import State as InquiryState
from cases.mediation.models import Mediation
from cases.models import Event, Link
from cases.police.models import PoliceReport
from cases.ties.clustering import cluster_new
from cases.ties.models import Cluster
from jike import ledger
from jike.accounts.models import User
from jike.base.dates import CST
from jike.files import pdf
from jike.outbox.models import DemoMessage, Job
from lending.models import Loan, Merchant, Person
from refunds import demo as refunds_demo
from tests.databases import cloned, inside


def run() -> dict:
    out = io.StringIO()
    call_command("demo", "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


pytestmark = pytest.mark.xdist_group("demo")  # the story is told once, by one of the workers


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Any:
    return type("Home", (), {"path": tmp_path_factory.mktemp("home")})()


@pytest.fixture
def demo_mode(settings, home) -> None:
    settings.DEMO, settings.HOME = True, home


@pytest.fixture(scope="module")
def whole_story(template_database, django_db_blocker, home) -> Iterator[tuple[str, dict, datetime]]:
    """The story told once for the tests that only look at it: the name of its database, what the command said, when it began."""
    with django_db_blocker.unblock(), cloned() as name:
        began = datetime.now(UTC)
        with override_settings(DEMO=True, HOME=home), inside(name):
            document = run()
        yield name, document, began


@pytest.fixture
def told(whole_story, demo_mode, django_db_blocker) -> Iterator[dict]:
    """What the command said, with its database to look into; what a test writes there is taken back."""
    name, document, _began = whole_story
    with django_db_blocker.unblock(), inside(name), transaction.atomic():
        yield document
        transaction.set_rollback(True)


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count()
        for model in (Complaint, Inquiry, Event, Job, User, Person, Loan, DemoMessage, ledger.models.Entry)
    )


@pytest.mark.skipif(not pdf.is_available()[0], reason="letters need Pango")
def test_the_story_reaches_every_state_and_a_second_run_changes_nothing(told):
    first = told
    before = counts()
    second = run()

    assert first == second
    assert counts() == before
    returns = [row for row in refunds_demo.rows() if "asked" in row]
    assert len(first["cases"]) == len(chapters()) + len(returns)
    for kind, states in (("complaint", State), ("inquiry", InquiryState)):
        assert {case["state"] for case in first["cases"] if case["kind"] == kind} == set(states.values), kind
    assert set(Inquiry.objects.values_list("nature", flat=True)) == set(Nature.values)
    assert Link.objects.filter(kind="split_from").count() == 1
    assert list(ledger.verify()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_story_that_was_cut_off_is_finished_by_the_next_run(db, demo_mode, monkeypatch):
    whole = [chapter for chapter in chapters() if any(act["verb"] == "note" for act in chapter["acts"])]
    monkeypatch.setattr(story, "chapters", lambda: [{**chapter, "acts": chapter["acts"][:2]} for chapter in whole])
    run()
    monkeypatch.setattr(story, "chapters", lambda: whole)

    run()

    notes = sum(act["verb"] == "note" for chapter in whole for act in chapter["acts"])
    assert Event.objects.filter(verb="complaints.note").count() == notes > 0


def test_the_story_lies_in_the_past_and_in_order(told, whole_story):
    _name, _document, began = whole_story

    for case in Complaint.objects.all():
        times = [event.at for event in case.events.order_by("seq")]
        assert times == sorted(times)
        assert times[-1] <= began + timedelta(minutes=1)
    nearest = Complaint.objects.filter(ended_at=None, next_due_at__isnull=False).order_by("next_due_at").first()
    assert nearest.next_due_at - began < timedelta(days=2)


def test_accounts_sign_in_and_are_written_for_their_owner_only(told, settings):
    document = told
    listed = Path(settings.HOME.path) / "demo-accounts.txt"
    assert listed.stat().st_mode & 0o777 == 0o600
    for account in document["accounts"]:
        assert User.objects.get(username=account["username"]).check_password(account["password"])
        assert f"{account['username']}  {account['password']}" in listed.read_text(encoding="utf-8")
    assert {role for user in User.objects.all() for role in user.roles} >= {
        "handler",
        "supervisor",
        "executive",
        "auditor",
        "system_admin",
    }


def test_passwords_differ_by_account_and_installation(settings):
    one = password_of("zhangmin")
    settings.SECRET_KEY = "another-installation"

    assert len({one, password_of("zhangmin"), password_of("liqiang")}) == 3


def test_merchants_of_all_scenes_take_part(told):
    assert set(Merchant.objects.filter(loans__isnull=False).values_list("scene", flat=True)) == set(
        Merchant.Scene.values
    )
    assert len({chapter["merchant"] for chapter in chapters()}) >= len(Merchant.Scene.values)


def test_the_page_shows_accounts_receipts_and_messages(told, client):
    document = told
    page = client.get("/demo/").content.decode()

    assert all(account["password"] in page for account in document["accounts"])
    assert all(case["receipt_code"] in page for case in document["cases"])
    assert document["cases"][0]["number"] in page


def test_the_page_is_not_there_outside_demo_mode(db, client, settings):
    settings.DEMO = False

    assert client.get("/demo/").status_code == 404


def test_the_demo_refuses_a_real_database(db, settings):
    settings.DEMO = settings.EMBEDDED = False

    with pytest.raises(CommandError):
        call_command("demo")

    assert not User.objects.exists()


def test_moments_of_the_story_are_shanghai_times():
    now = datetime(2026, 11, 22, 18, tzinfo=UTC)

    assert moment("2d 09:05", now) == datetime(2026, 11, 21, 9, 5, tzinfo=CST)
    assert moment("3h", now) == now - timedelta(hours=3)
    with pytest.raises(ValueError):
        moment("soon", now)


def test_parents_of_the_closed_school_are_one_cluster(told):
    cluster_new(datetime.now(UTC))

    keys = {chapter["key"] for chapter in chapters() if chapter["key"].startswith("school-closed")}
    found = [set(c.members.values_list("case__sources__external_id", flat=True)) for c in Cluster.objects.all()]
    assert len(keys) == 4 and any(len(keys & members) >= 3 for members in found)
    assert Complaint.objects.filter(salesperson__code="QH-07").count() == 4


def test_mediations_stand_where_a_visitor_wants_to_see_them(told):
    states = set(Mediation.objects.values_list("state", flat=True))

    assert states >= {"proposed", "invited", "negotiating", "performing", "failed", "breached"}
    assert Mediation.objects.filter(form="external", stopped_count=True).exists()
    assert Mediation.objects.filter(state="negotiating", agreements__isnull=False).exists()


def test_police_reports_stand_where_a_visitor_wants_to_see_them(told):
    found = {row.state: row for row in PoliceReport.objects.all()}

    assert set(found) == {"reported", "reconsidering", "requested", "preparing"}
    assert found["reported"].receipt_no and found["reported"].packs.get().takings.exists()
    assert found["reconsidering"].refusal_no and found["reconsidering"].is_accuser
    assert PoliceReport.objects.filter(state="preparing", versions__confirmation=None, versions__isnull=False).exists()
    assert PoliceReport.objects.filter(capacity="informant", told_on__isnull=False, receipt_no="").exists()
