"""One matter: whoever is recused from one of its cases is recused from all of them, at once, whichever was opened first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.kinds import kind_named
from cases.litigation import actions as litigation
from cases.mediation import actions
from cases.models import Case, Recusal
from cases.police.models import PoliceReport
from jike.base.errors import Refused
from jike.verbs import verb_named
from tests.accounts.signing_in import sign_in
from tests.factories import litigations as lawsuits
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=2)
WORDS = {"ground": "relative", "reason": "商户法定代表人是我的亲属。"}


def matter(cast: Cast) -> list[Case]:
    """A complaint with its mediation and, opened from it too, a police report: all handled by the handler."""
    mediation = factory.mediation(cast, at="negotiating")
    origin = Complaint.objects.get(pk=mediation.origin_id)
    complaints.open_police_report(origin, actor=cast.handler.actor, now=NOW, capacity="accuser", wish="通话录音 77")
    return [origin, mediation, PoliceReport.objects.get()]


def fresh(case: Case) -> Case:
    return kind_named(case.kind).model.objects.get(pk=case.pk)


@pytest.mark.rule("R20")
@pytest.mark.parametrize("where", [0, 1, 2])
def test_r20_a_recusal_that_comes_later_reaches_every_open_case_of_the_matter(
    where: int, cast: Cast, client: Client
) -> None:
    cases = matter(cast)
    sign_in(client, cast.handler.user)
    assert all(client.get(f"/staff/cases/{case.number}/").status_code == 200 for case in cases)
    known = cases[where]

    verb_named(f"{kind_named(known.kind).area}.recuse").action(known, actor=cast.handler.actor, now=NOW, **WORDS)

    for case in map(fresh, cases):
        assert case.assignee_id is None and cast.handler.actor.person in case.recused_people, case.number
        assert client.get(f"/staff/cases/{case.number}/").status_code == 404, case.number
        assert case.number not in client.get("/staff/queue/").content.decode()
        row = Recusal.objects.get(case_id=case.pk)
        assert (row.ground, row.user_id, row.effective_at) == ("relative", cast.handler.user.pk, NOW)
        last = case.events.latest("seq")
        carried = last.data.get("from_case")
        assert last.data["from_assignee"] == str(cast.handler.user.pk) and carried in (None, str(known.pk))
        assert (carried is None) == (case.pk == known.pk)
    with pytest.raises(Refused) as refused:
        actions.fail(fresh(cases[1]), actor=cast.handler.actor, now=NOW, reason="x")
    assert "actor.recused" in [b.code for b in refused.value.blockers]


def test_a_granted_request_reaches_them_too_and_one_that_waits_does_not(cast: Cast) -> None:
    origin, mediation, report = matter(cast)
    asked = complaints.request_recusal(origin, actor=factory.consumer_of(mediation), now=NOW, reason="经办人认识商户。")
    assert Recusal.objects.count() == 1 and fresh(mediation).assignee_id is not None
    complaints.decide_recusal(asked, actor=cast.supervisor.actor, now=NOW, verdict="granted", reason="属实。")
    for case in map(fresh, (mediation, report)):
        assert case.assignee_id is None and cast.handler.actor.person in case.recused_people


def test_a_lawsuit_of_a_broken_mediation_belongs_to_the_same_matter(cast: Cast) -> None:
    later = RECEIVED + timedelta(days=42)
    case = lawsuits.of_mediation(cast)
    counsel = lawsuits.counsel()
    case = litigation.claim_litigation(case, actor=counsel.actor, now=later)
    origin = Complaint.objects.get(pk=case.matter_id)

    complaints.recuse_oneself(origin, actor=counsel.actor, now=later, **WORDS)

    cases = [fresh(row) for row in (origin, case.origin, case)]
    assert all(counsel.actor.person in row.recused_people for row in cases)
    assert cases[2].assignee_id is None and cases[1].assignee_id == case.origin.assignee_id


def test_another_matter_stays_as_it_is_and_a_case_alone_asks_nothing(cast: Cast) -> None:
    origin, mediation, report = matter(cast)
    other = factory.mediation(cast, at="negotiating", origin=factory.complaint(cast, phone="13900139000"))

    complaints.recuse_oneself(origin, actor=cast.handler.actor, now=NOW, **WORDS)

    assert fresh(other).assignee_id is not None and not fresh(other).recused_people
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert fresh(mediation).version == mediation.version + 1 and fresh(report).version == report.version + 1
