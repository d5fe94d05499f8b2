"""Mass events: formed by one person, joined and left case by case, answered at once, each case by its own rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.invariants import breaches
from cases.lists.models import Bulk
from cases.models import Event, Message, Note
from cases.ties import queries
from cases.ties.clustering import cluster_new
from cases.ties.models import Cluster, MassCase, MassEvent
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.outbox.working import run_due
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.complaints.test_race import held
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.factories.policy import reply_text
from tests.people import Cast
from tests.ties.planted import filed, merchant, school

NOW = RECEIVED + timedelta(days=2)
NAME = "启航停业"


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def formed(lead: Complaint, cast: Cast, name: str = NAME) -> MassEvent:
    actions.form_mass(lead, actor=cast.supervisor.actor, now=NOW, name=name)
    return MassEvent.objects.get(lead_id=lead.pk, ended_at=None)


def joined(case: Complaint, event: MassEvent, cast: Cast) -> Complaint:
    return actions.join_mass(case, actor=cast.supervisor.actor, now=NOW, event=event)


def left(case: Complaint, cast: Cast) -> Complaint:
    return actions.leave_mass(case, actor=cast.supervisor.actor, now=NOW, reason="另一家门店。")


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.supervisor.user)


def outcomes(address: str) -> list[tuple[str, list[str]]]:
    pk = address.split("?")[0].rstrip("/").split("/")[-1]
    return list(Bulk.objects.get(pk=pk).rows.order_by("case__number").values_list("outcome", "codes"))


def confirmed(boss: Client, address: str, **inputs: str) -> None:
    with pinned(NOW):
        begin = f"{address.split('?')[0]}begin/"
        assert boss.post(begin, {"reason": "统一处理", **inputs}).status_code == 302
        run_due(clock=lambda: NOW, limit=200)


def test_a_case_leads_others_join_and_each_says_so(cast: Cast) -> None:
    lead, other = school(2)

    event = formed(lead, cast)
    joined(other, event, cast)

    assert (open_sealed(event, "name"), event.unit) == (NAME, cast.unit)
    assert {case.number for case in queries.event_cases_for(cast.supervisor.actor, event)} == {
        lead.number,
        other.number,
    }
    assert [Complaint.objects.get(pk=case.pk).flags for case in (lead, other)] == [["mass"], ["mass"]]
    for case, verb in ((lead, "form_mass"), (other, "join_mass")):
        assert Event.objects.get(case=case, verb=f"complaints.{verb}").data == {"event": str(event.pk)}
    assert not Complaint.objects.filter(is_major=True).exists(), "many online are nothing major"


def test_the_lead_passes_on_and_the_last_ends_the_event(cast: Cast) -> None:
    lead, second, third = school(3)
    event = formed(lead, cast)
    joined(third, event, cast)
    joined(second, event, cast)

    case = left(lead, cast)
    event.refresh_from_db()
    assert (event.lead_id, event.ended_at, case.flags) == (second.pk, None, [])
    assert open_sealed(Note.objects.get(case=lead), "body") == "另一家门店。"
    for one in (second, third):
        left(one, cast)
    event.refresh_from_db()
    assert (event.lead_id, event.ended_at) == (third.pk, NOW)
    assert list(breaches()) == []
    Complaint.objects.filter(pk=third.pk).update(flags=["mass"])
    assert [breach.code for breach in breaches()] == ["masses.flagged"]
    Complaint.objects.filter(pk=third.pk).update(flags=[])
    with pytest.raises(Refused) as refused:
        joined(lead, event, cast)
    assert codes(refused) == ["event.unknown"]


def test_other_flags_stay(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    actions.flag_complaint(case, actor=cast.handler.actor, now=NOW, flags=["crime"])
    formed(case, cast)
    assert Complaint.objects.get(pk=case.pk).flags == ["crime", "mass"]
    assert left(case, cast).flags == ["crime"]


def test_refused_with_reasons(cast: Cast) -> None:
    lead, other = school(2)
    branch = factory.of_branch(cast, at="claimed", phone="13700137000")
    event = formed(lead, cast)
    tries = (
        (lambda: formed(lead, cast), "case.in_mass"),
        (lambda: joined(lead, event, cast), "case.in_mass"),
        (lambda: joined(branch, event, cast), "actor.other_unit"),
        (lambda: left(other, cast), "case.not_in_mass"),
        (lambda: formed(other, cast, name=" "), "name.missing"),
        (lambda: actions.form_mass(other, actor=cast.handler.actor, now=NOW, name=NAME), "actor.no_power"),
    )
    for act, code in tries:
        with pytest.raises(Refused) as refused:
            act()
        assert code in codes(refused)
    strange = actions.form_mass(branch, actor=factory.branch_cast(cast).supervisor.actor, now=NOW, name="分公司")
    with pytest.raises(Refused) as refused:
        joined(other, MassEvent.objects.get(lead_id=strange.pk), cast)
    assert codes(refused) == ["event.unknown"]


def test_two_people_make_one_case_the_lead_at_once(committed_cast: Cast) -> None:
    cast = committed_cast
    lead, *_rest = school(2)
    answers: list[object] = []

    with held(answers, lambda: actions.form_mass(lead, actor=cast.twin.actor, now=NOW, name="二号")):
        actions.form_mass(lead, actor=cast.supervisor.actor, now=NOW, name=NAME)

    assert answers == [["case.in_mass"]]
    assert MassEvent.objects.count() == 1


def test_two_people_form_one_cluster_at_once(committed_cast: Cast) -> None:
    """Each around another case: the second is told of the first, and nothing of the second's stays."""
    cast = committed_cast
    one, two, _three = school(3)
    cluster_new(NOW)
    answers: list[object] = []

    with held(answers, lambda: actions.form_mass(two, actor=cast.twin.actor, now=NOW, name="二号")):
        actions.form_mass(one, actor=cast.supervisor.actor, now=NOW, name=NAME)

    assert answers == [["cluster.has_event"]]
    assert MassEvent.objects.get().cluster == Cluster.objects.get()
    assert Cluster.objects.get().verdict == "accepted"
    assert Complaint.objects.get(pk=two.pk).flags == []


def test_a_case_joins_two_events_at_once_and_is_in_one(committed_cast: Cast) -> None:
    cast = committed_cast
    one, two, third = filed(1), filed(2), filed(3)
    first, second = formed(one, cast), formed(two, cast)
    answers: list[object] = []

    with held(answers, lambda: actions.join_mass(third, actor=cast.twin.actor, now=NOW, event=second)):
        joined(third, first, cast)

    assert answers == [["case.in_mass"]]
    assert MassCase.objects.get(case=third, left_at=None).event == first


def test_joining_while_the_last_one_leaves_finds_it_ended(committed_cast: Cast) -> None:
    cast = committed_cast
    lead, other = filed(1), filed(2)
    event = formed(lead, cast)
    answers: list[object] = []

    with held(answers, lambda: actions.join_mass(other, actor=cast.twin.actor, now=NOW, event=event)):
        left(lead, cast)

    assert answers == [["event.unknown"]]


def test_from_a_cluster_to_an_event_and_back(boss: Client, cast: Cast) -> None:
    cases = school(4)
    with pinned(NOW):
        cluster_new(NOW)
        page = boss.post(f"/staff/clusters/{Cluster.objects.get().pk}/gather/").url
        looked = boss.get(page)
        assert (looked.context["will"], set(looked.context["leads"])) == (4, {case.number for case in cases})
        assert not MassEvent.objects.exists(), "looking forms nothing"
        page = boss.post(f"{page}event/", {"name": NAME, "lead": cases[1].number}).url
        event = MassEvent.objects.get(lead=cases[1])
        assert f"{event.pk}" in page and f'value="{event.pk}" selected' in boss.get(page).content.decode()

    confirmed(boss, page, event=str(event.pk))
    assert sorted(outcomes(page)) == [("done", [])] * 3 + [("skipped", ["case.in_mass"])]
    assert MassCase.objects.filter(event=event, left_at=None).count() == 4

    with pinned(NOW + timedelta(minutes=1)):
        back = boss.post(f"{page.split('?')[0]}undo/").url
        run_due(clock=lambda: NOW + timedelta(minutes=1), limit=200)
    assert outcomes(back) == [("done", [])] * 3
    assert [member.case_id for member in MassCase.objects.filter(left_at=None)] == [cases[1].pk]


def test_a_choice_of_another_person_forms_nothing(boss: Client, cast: Cast) -> None:
    cases = school(2)
    page = boss.post("/staff/bulk/", {"verb": "join_mass", "in": "team", "case": [cases[0].number]}).url
    other = sign_in(Client(), cast.twin.user)

    assert other.post(f"{page}event/", {"name": NAME, "lead": cases[0].number}).status_code == 404
    assert boss.post(f"{page}event/", {"name": NAME, "lead": cases[1].number}).status_code == 404, "not chosen"
    assert not MassEvent.objects.exists()


def test_one_reply_to_all_is_filled_for_each_and_skips_with_reasons(boss: Client, cast: Cast) -> None:
    with pinned(NOW):
        reply = reply_text(cast, "{姓名}您好，{商户}停业一事我们已统一处理，编号{案件编号}。", now=NOW)
        first, second, third, fourth = school(4)
        event = formed(first, cast)
        for case in (second, third, fourth):
            joined(case, event, cast)
        Complaint.objects.filter(pk=second.pk).update(merchant=None)
        actions.withdraw_complaint(third, actor=factory.consumer_of(third), now=NOW)
        address = f"/staff/events/{event.pk}/"
        assert first.number in boss.get(address).content.decode()
        page = boss.post(f"{address}act/", {"verb": "send_reply"}).url

        looked = boss.post(f"{page}look/", {"reply": reply.version, "channel": "sms"})
        skipped = {one.number: [b.code for b in one.blockers] for one in looked.context["skipped"]}
        assert skipped == {second.number: ["message.blanks"], third.number: ["case.ended"]}
        assert looked.context["will"] == 2
        assert looked.context["sample"].startswith("赵1您好，启航示例教育培训学校")
        assert not Message.objects.filter(purpose="letter").exists(), "looking sends nothing"
        actions.recuse_oneself(fourth, actor=cast.supervisor.actor, now=NOW, ground="interest", reason="亲属。")

    confirmed(boss, page, reply=reply.version, channel="sms")

    assert outcomes(page) == [
        ("done", []),
        ("skipped", ["message.blanks"]),
        ("skipped", ["case.ended"]),
        ("skipped", ["case.not_visible"]),
    ]
    sent = Message.objects.filter(purpose="letter")
    assert {(m.case_id, m.channel) for m in sent} == {(first.pk, "inbox"), (first.pk, "sms")}
    text = "赵1您好，启航示例教育培训学校停业一事我们已统一处理，编号" + first.number + "。"
    assert {open_sealed(m, "body") for m in sent} == {text}
    told = Event.objects.get(case=first, verb="complaints.send_reply").data
    assert (told["reply"], told["channel"]) == (reply.version, "sms")


def test_a_reply_that_was_replaced_meanwhile_is_not_sent(boss: Client, cast: Cast) -> None:
    with pinned(NOW):
        old = reply_text(cast, now=NOW)
        case = factory.complaint(cast, at="claimed")
        reply_text(cast, "新的说法，{姓名}。", now=NOW)

    with pytest.raises(Refused) as refused:
        actions.send_reply(case, actor=cast.handler.actor, now=NOW, reply=old.version, channel="inbox")
    assert codes(refused) == ["reply.not_in_force"]


def test_who_may_send_a_reply(cast: Cast) -> None:
    """The handler of the case and the supervisors of its unit; a text message only where it fits and there is a number."""
    reply = reply_text(cast, "很长的说法。" * 100, now=NOW)
    case = factory.complaint(cast, at="claimed")

    for actor, channel, found in (
        (cast.colleague.actor, "inbox", ["actor.not_assigned"]),
        (cast.supervisor.actor, "sms", ["reply.too_long"]),
        (cast.supervisor.actor, "email", ["channel.no_address"]),
    ):
        with pytest.raises(Refused) as refused:
            actions.send_reply(case, actor=actor, now=NOW, reply=reply.version, channel=channel)
        assert codes(refused) == found
    actions.send_reply(case, actor=cast.supervisor.actor, now=NOW, reply=reply.version, channel="inbox")
    assert Message.objects.get(purpose="letter").channel == "inbox"


def test_the_pages_show_what_the_lists_show(client: Client, cast: Cast, django_assert_num_queries) -> None:
    lead, other = school(2)
    event = formed(lead, cast)
    joined(other, event, cast)
    actions.recuse_oneself(lead, actor=cast.colleague.actor, now=NOW, ground="interest", reason="亲属。")

    page = sign_in(Client(), cast.colleague.user).get(f"/staff/events/{event.pk}/")
    assert other.number in page.content.decode() and lead.number not in page.content.decode()
    assert (page.context["size"], page.context["lead"]) == (1, "")
    assert sign_in(Client(), cast.stranger.user).get(f"/staff/events/{event.pk}/").status_code == 404
    assert sign_in(Client(), cast.executive.user).get(f"/staff/events/{event.pk}/").status_code == 200

    sign_in(client, cast.supervisor.user)
    client.get("/staff/events/")
    for n in (10, 20):
        joined(filed(n, merchant=merchant(2)), event, cast)
        formed(filed(n + 1), cast)
        with django_assert_num_queries(4):
            rows = client.get("/staff/events/").context["rows"]
        with django_assert_num_queries(6):
            client.get(f"/staff/events/{event.pk}/")
    assert {row["size"] for row in rows} == {4, 1}
