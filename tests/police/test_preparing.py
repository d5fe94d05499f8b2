"""Papers, losses and the statement: what they refuse, what they keep, and when they are complete."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.models import Message
from cases.police import actions
from cases.police.house_rules import house_rules
from cases.police.models import Loss, PoliceReport
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.privacy import open_sealed
from tests.factories import complaints as complaint_factory
from tests.factories import police as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast
from tests.police.test_opening import refusal

NOW = RECEIVED + timedelta(hours=12)
USUAL = [code for code, one in house_rules().materials.items() if not one.is_own]


def row_of(case: PoliceReport, code: str) -> object:
    return case.materials.get(code=code)


def test_the_list_is_what_is_usual_in_practice_and_says_so(cast: Cast) -> None:
    case = factory.report(cast, at="preparing")

    assert [row.code for row in case.known_materials] == USUAL
    assert {row.state for row in case.known_materials} == {"open"}


def test_only_what_the_consumer_has_is_asked_for_in_one_message(cast: Cast) -> None:
    case = factory.report(cast, at="preparing")
    given = {"actor": cast.handler.actor, "now": NOW}

    assert refusal(actions.ask_materials, case=case, materials=[row_of(case, "app_logs")], **given) == [
        "materials.not_offered"
    ]
    case = actions.ask_materials(case, materials=[row_of(case, "chats"), row_of(case, "identity")], **given)

    assert {row.code for row in case.known_materials if row.state == "asked"} == {"chats", "identity"}
    told = Message.objects.filter(case_id=case.pk, template__contains="materials")
    bodies = {message.channel: open_sealed(message, "body") for message in told}
    assert "1. 身份证明" in bodies["inbox"] and "2. 聊天记录" in bodies["inbox"]
    assert "身份证明" not in bodies["sms"] and "登录办理进度页查看" in bodies["sms"]
    assert refusal(actions.ask_materials, case=case, materials=[row_of(case, "chats")], **given) == [
        "materials.not_offered"
    ]


def test_a_paper_is_there_by_reference_or_does_not_exist_with_a_reason(cast: Cast) -> None:
    origin = factory.complaint(cast)
    paper = complaint_factory.examined(origin)
    elsewhere = complaint_factory.examined(factory.complaint(cast, phone="13900139000"))
    case = factory.report(cast, at="preparing", origin=origin)
    given = {"actor": cast.handler.actor, "now": NOW, "material": row_of(case, "vouchers")}
    act = actions.settle_material

    assert refusal(act, case=case, state="open", paper=None, note="x", **given) == ["state.unknown"]
    assert refusal(act, case=case, state="none", paper=None, note=" ", **given) == ["note.missing"]
    assert refusal(act, case=case, state="none", paper=paper, note="", **given) == ["paper.contradicts"]
    assert refusal(act, case=case, state="have", paper=elsewhere, note="", **given) == ["paper.elsewhere"]
    case = act(case, state="have", paper=paper, **given)
    assert (row_of(case, "vouchers").state, row_of(case, "vouchers").paper_id) == ("have", paper.pk)
    case = act(case, state="none", paper=None, note="没有转账，刷脸支付", **given)
    row = row_of(case, "vouchers")
    assert (row.state, row.paper_id, open_sealed(row, "note")) == ("none", None, "没有转账，刷脸支付")


def test_the_sum_is_that_of_the_rows_that_stand(cast: Cast) -> None:
    case = factory.report(cast, at="preparing")
    by = {"actor": cast.handler.actor, "now": NOW}
    assert case.amount_cny is None
    case = actions.add_loss(case, **by, **factory.LOSS)
    case = actions.add_loss(case, **by, **factory.LOSS | {"amount_cny": Decimal("0.05"), "channel": "cash"})
    assert case.amount_cny == case.loss_cny == Decimal("12600.05")

    case = actions.strike_loss(case, **by, loss=case.known_losses[0], reason="重复")
    assert case.amount_cny == Decimal("0.05") and len(case.known_losses) == 1
    case = actions.strike_loss(case, **by, loss=case.known_losses[0], reason="不是损失")
    assert case.amount_cny is None and case.loss_cny == 0
    assert [row.seq for row in Loss.objects.filter(case=case).order_by("seq")] == [1, 2]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"occurred_on": date(2027, 1, 1)}, "occurred_on.impossible"),
        ({"amount_cny": Decimal(0)}, "amount_cny.impossible"),
        ({"amount_cny": Decimal("-5")}, "amount_cny.impossible"),
        ({"amount_cny": Decimal("1.005")}, "amount_cny.impossible"),
        ({"amount_cny": Decimal("NaN")}, "amount_cny.impossible"),
        ({"amount_cny": Decimal("100000000")}, "amount_cny.impossible"),
        ({"payee": "  "}, "payee.missing"),
        ({"payee": "x" * 201}, "payee.too_long"),
        ({"channel": "gold"}, "channel.unknown"),
    ],
)
def test_a_loss_that_cannot_be_is_refused(changed: dict[str, object], code: str, cast: Cast) -> None:
    case = factory.report(cast, at="preparing")

    given = factory.LOSS | changed
    assert refusal(actions.add_loss, case=case, actor=cast.handler.actor, now=NOW, **given) == [code]
    assert not case.losses.exists()


def test_a_statement_is_confirmed_by_the_consumers_code_exactly_as_it_was_read(cast: Cast) -> None:
    case = factory.report(cast, at="stated")
    first = factory.hash_of(case)
    case = actions.draft_statement(case, actor=cast.handler.actor, now=NOW, facts="改过的事实。", suspects="")
    consumer = factory.consumer_of(case)
    given = {"actor": consumer, "now": NOW, "challenge": uuid7()}

    assert refusal(actions.confirm_statement, case=case, sha256=first, phone=PHONE, **given) == ["statement.changed"]
    second = factory.hash_of(case)
    assert refusal(actions.confirm_statement, case=case, sha256=second, phone="13900139000", **given) == ["phone.other"]
    no_code = given | {"challenge": None}
    assert refusal(actions.confirm_statement, case=case, sha256=second, phone=PHONE, **no_code) == ["phone.other"]
    case = actions.confirm_statement(case, sha256=second, phone=PHONE, **given)

    row = case.known_statement
    assert (row.version, bytes(row.confirmation.sha256).hex(), row.confirmation.phone_mask) == (
        2,
        second,
        "138****8000",
    )
    assert refusal(actions.confirm_statement, case=case, sha256=second, phone=PHONE, **given) == ["statement.confirmed"]


def test_staff_confirm_for_the_consumer_only_what_can_be_shown(cast: Cast) -> None:
    case = factory.report(cast, at="stated")
    given = {"actor": cast.handler.actor, "now": NOW, "sha256": factory.hash_of(case)}

    assert refusal(actions.confirm_statement, case=case, evidence=" ", **given) == ["evidence.missing"]
    case = actions.confirm_statement(case, **given, **factory.SAID)
    assert open_sealed(case.known_statement.confirmation, "evidence") == factory.SAID["evidence"]


def test_every_gap_is_named_before_the_papers_are_complete(cast: Cast) -> None:
    case = factory.report(cast, at="stated")
    by = {"actor": cast.handler.actor, "now": NOW}

    with pytest.raises(Refused) as refused:
        actions.mark_ready(case, **by)
    codes = [blocker.code for blocker in refused.value.blockers]
    assert codes == ["statement.unconfirmed", *["material.open"] * len(USUAL)]
    case = factory.settle_all(case, cast, NOW)
    assert refusal(actions.mark_ready, case=case, **by) == ["statement.unconfirmed"]
    case = factory.STEPS["confirm"](case, cast, NOW)
    case = actions.draft_statement(case, **by, facts="又改了。")
    assert refusal(actions.mark_ready, case=case, **by) == ["statement.unconfirmed"]
    case = actions.mark_ready(factory.STEPS["confirm"](case, cast, NOW), **by)
    assert case.state == "ready"
    case = actions.prepare_again(case, **by, reason="漏了凭证")
    assert case.state == "preparing"
    case = actions.add_material(case, **by, label="营业执照")
    assert refusal(actions.mark_ready, case=case, **by) == ["material.open"]


def test_suspects_facts_and_payees_stand_nowhere_in_clear(cast: Cast) -> None:
    case = factory.report(cast, at="complete")

    events = "".join(str(event.data) for event in case.events.all())
    bodies = "".join(open_sealed(message, "body") for message in Message.objects.filter(case_id=case.pk))
    for word in ("蒋某", "13700137000", "失去联系", "8812"):
        assert word not in events and word not in bodies
    raw = PoliceReport.objects.values().get(pk=case.pk)
    assert "蒋某" not in str(raw)
