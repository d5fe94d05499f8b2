"""What stands beside the timeline: read only where something happened, complete where it did, and with the button that goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from cases.complaints import actions, supplements
from cases.complaints.models import Redress
from cases.models import Party
from jike.base.dates import pinned
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=2)


def panels(client: Client, case: Any, cast: Cast) -> dict[str, Any]:
    """The panels of the page by their codes, as its handler sees them: the panel, and per line its words, state and button."""
    sign_in(client, cast.handler.user)
    with pinned(NOW), override("zh-hans"):
        found = client.get(f"/staff/cases/{case.number}/").context["panels"]
        return {
            panel.code: (
                panel.left,
                panel.bars,
                [(str(item.what), str(item.state), act.short_name if act else "") for item, act in lines],
            )
            for panel, _act, lines in found
        }


def test_an_ordinary_case_has_no_panel(client: Client, cast: Cast) -> None:
    assert panels(client, factory.complaint(cast, at="investigating"), cast) == {}


def test_what_was_asked_stands_with_each_answer(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="supplementing")
    first, second = supplements.items_of(supplements.open_request_of(case))
    given = supplements.Answer(first.id, text="在这里")
    actions.supplement_complaint(case, actor=cast.handler.actor, now=NOW, answers=[given])

    left, bars, lines = panels(client, case, cast)["asked"]

    assert (left, bars) == (1, True)
    assert lines == [(first.what, "已答复", ""), (second.what, "尚未答复", "")]
    assert "在这里" in client.get(f"/staff/cases/{case.number}/").content.decode()


def test_an_extension_says_how_far_it_is_and_a_pause_why(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    actions.extend_30(case, actor=cast.handler.actor, now=NOW, reason="涉及三家商户")
    assert panels(client, case, cast)["limits"] == (1, False, [("延期", "等待第二人审批", "")])
    page = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "涉及三家商户" in page

    paused = factory.complaint(cast, at="investigating", phone="13900000001")
    on = (RECEIVED + timedelta(days=1)).date()
    actions.pause_clock(paused, actor=cast.handler.actor, now=NOW, kind="mediation", first_on=on, evidence="录音 77 号")
    assert panels(client, paused, cast)["limits"] == (1, False, [("调解", "期限暂停计算中", "resume")])


def test_failed_attempts_count_towards_unreachable(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="issued")
    actions.record_attempt(
        case,
        actor=cast.handler.actor,
        now=NOW,
        manner="call",
        at=NOW,
        outcome="no_answer",
        evidence="话单 5",
        number_called="13800138000",
    )

    left, bars, lines = panels(client, case, cast)["telling"]

    assert (left, bars, len(lines)) == (1, True, 2)
    assert lines[0][0].startswith("未成功告知：次数 1/")
    assert lines[0][1:] == ("尚未告知", "record_attempt")


def test_a_promise_has_its_button_until_it_is_confirmed(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="notified")
    promise = Redress.objects.get(case_id=case.pk)
    with override("zh-hans"):
        before = panels(client, case, cast)["promises"]
    chosen = client.get(f"/staff/cases/{case.number}/confirm_redress/?promise={promise.pk}")
    assert str(chosen.context["form"]["promise"].value()) == str(promise.pk)

    actions.confirm_redress(case, actor=cast.handler.actor, now=NOW, promise=promise, evidence="PAY-1")

    assert before == (1, True, [("退还已付分期款。 · ¥3,000.00", "尚未确认", "confirm_redress")])
    assert panels(client, case, cast)["promises"] == (0, False, [("退还已付分期款。 · ¥3,000.00", "已确认", "")])


def test_people_show_the_state_of_their_proof(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    actions.add_party(case, actor=cast.handler.actor, now=NOW, role="agent", name="李代理", phone="13700000000")
    assert panels(client, case, cast)["people"] == (1, False, [("代理人 · 李代理", "尚未查验", "verify_authority")])

    agent = Party.objects.get(case_id=case.pk, role="agent")
    actions.verify_authority(case, actor=cast.handler.actor, now=NOW, party=agent, authority="poa")

    assert panels(client, case, cast)["people"] == (0, False, [("代理人 · 李代理", "已查验授权委托书原件", "")])


def test_each_source_waits_for_its_own_answer(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    for number in ("A-1", "A-2"):
        actions.add_source(case, actor=cast.handler.actor, now=NOW, name="12378", external_id=number, received_at=NOW)
    first = case.sources.get(external_id="A-1")
    actions.reply_source(case, actor=cast.handler.actor, now=NOW, source=first, text="已书面答复")

    left, _bars, lines = panels(client, case, cast)["sources"]

    assert left == 1
    assert lines == [("12378 A-1", "已答复", "reply_source"), ("12378 A-2", "尚未答复", "reply_source")]


def test_the_masked_head_shows_neither_panels_nor_tasks(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="supplementing")
    actions.add_task(case, actor=cast.handler.actor, now=NOW, title="矿井里的金丝雀")

    page = sign_in(client, cast.auditor.user).get(f"/staff/cases/{case.number}/")

    assert page.status_code == 200
    assert page.context["panels"] == []
    assert "矿井" not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "marks"), [("issued", ["尚未告知"]), ("deciding", ["待审批"]), ("supplementing", ["等待消费者"])]
)
def test_marks_stay_until_they_are_cured(state: str, marks: list[str], client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at=state)
    sign_in(client, cast.handler.user)
    with override("zh-hans"):
        assert [str(sign.label) for sign in client.get(f"/staff/cases/{case.number}/").context["signs"]] == marks

    flagged = factory.complaint(cast, at="claimed", phone="13900000002")
    actions.flag_complaint(flagged, actor=cast.handler.actor, now=NOW, flags=["crime"])
    with override("zh-hans"):
        page = client.get(f"/staff/cases/{flagged.number}/")
        assert [(str(sign.label), sign.tone) for sign in page.context["signs"]] == [("涉嫌犯罪线索", "bad")]
