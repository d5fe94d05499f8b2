"""The agreement: every item of the law, signatures by code of exactly what was read, and what follows from them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from cases.clocks.models import Clock
from cases.mediation import actions, proof
from cases.mediation.agreement import content_signed, sha256_of
from cases.mediation.models import Mediation, Signature
from jike.accounts import codes
from jike.accounts.roles import merchant_actor
from jike.base.dates import CST, cst_date
from jike.base.errors import Refused
from jike.base.ids import uuid7
from tests.factories import mediations as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)


def refusal(act: object, **given: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(**given)  # type: ignore[operator]
    return [blocker.code for blocker in refused.value.blockers]


@pytest.mark.rule("R47")
@pytest.mark.parametrize("left_out", sorted(factory.TEXTS))
def test_r47_an_agreement_without_one_of_its_contents_is_refused(left_out: str, cast: Cast) -> None:
    case = factory.mediation(cast, at="accepted")
    given = factory.TEXTS | {left_out: " "}

    assert refusal(actions.draft_agreement, case=case, actor=cast.handler.actor, now=NOW, **given) == [
        f"{left_out}.missing"
    ]
    assert not case.agreements.exists()


def test_the_hash_covers_parties_terms_and_texts(cast: Cast) -> None:
    case = factory.mediation(cast, at="drafted")
    agreement = case.agreements.get()
    content = content_signed(case, agreement)

    assert sha256_of(content) == bytes(agreement.sha256)
    assert (content["parties"]["consumer"], content["parties"]["merchant"]) == ("王小明", case.merchant.name)
    assert [(t["what"], t["cny"], t["due"]) for t in content["terms"]] == [
        ("refund", "1000.00", "2026-10-20"), ("refund", "500.00", "2026-11-20"), ("apology", "", "2026-10-20"),
    ]  # fmt: skip
    for change in ({"manner": "现金"}, {"terms": content["terms"][:1]}, {"parties": {}}, {"version": 2}):
        assert sha256_of(content | change) != bytes(agreement.sha256)
    json.dumps(content)


def test_each_side_signs_by_a_code_to_its_own_phone(cast: Cast) -> None:
    case = factory.mediation(cast, at="drafted")
    sha256 = bytes(case.agreements.get().sha256)
    for actor, session in ((factory.consumer_of(case), "p.one"), (factory.merchant_of(case), "m.one")):
        asked = {"session_key": session, "now": NOW}
        challenge = proof.ask_for_code(case, actor, purpose=proof.SIGN, address="203.0.113.7", **asked)
        case = proof.sign(case, actor, sha256=sha256, challenge=challenge, code=codes.code_of(challenge), **asked)

    assert (case.state, case.effective_at) == ("agreed", NOW)
    rows = Signature.objects.order_by("signed_at", "id").values_list("side", "phone_mask", "signed_at")
    assert list(rows) == [("consumer", "138****8000", NOW), ("merchant", "199****0101", NOW)]
    assert {bytes(row.sha256) for row in Signature.objects.all()} == {sha256}


def test_no_signature_for_another_version_phone_side_or_twice(cast: Cast) -> None:
    case = factory.mediation(cast, at="half_signed")
    sha256, used = bytes(case.agreements.get().sha256), case.signatures.get().challenge
    good = {"now": NOW, "sha256": sha256, "phone": factory.MERCHANT_PHONE, "challenge": uuid7()}
    merchant, consumer = factory.merchant_of(case), factory.consumer_of(case)

    def codes_of(**changed: object) -> list[str]:
        return refusal(actions.sign_agreement, **({"case": case, "actor": merchant} | good | changed))

    assert codes_of(sha256=bytes(32)) == ["agreement.changed"]
    assert codes_of(phone=PHONE) == ["actor.other_phone"]
    assert codes_of(challenge=used) == ["phone_code.used"]
    assert codes_of(actor=consumer, phone=PHONE) == ["signature.given"]
    assert codes_of(actor=merchant_actor(uuid7()))[0] == "actor.no_link"
    assert "actor.no_power" in codes_of(actor=cast.handler.actor)
    assert actions.sign_agreement(case, actor=merchant, **good).state == "agreed"


def test_a_changed_agreement_is_signed_anew_by_both(cast: Cast) -> None:
    case = factory.mediation(cast, at="half_signed")
    old = bytes(case.agreements.get().sha256)
    case = actions.draft_agreement(case, actor=cast.handler.actor, now=NOW, **(factory.TEXTS | {"manner": "转账"}))
    case = Mediation.objects.get(pk=case.pk)

    given = {"now": NOW, "phone": factory.MERCHANT_PHONE, "challenge": uuid7(), "sha256": old}
    assert refusal(actions.sign_agreement, case=case, actor=factory.merchant_of(case), **given) == ["agreement.changed"]
    assert factory.signed(case, factory.merchant_of(case), NOW).state == "negotiating"
    assert factory.signed(case, factory.consumer_of(case), NOW).state == "agreed"


@pytest.mark.rule("R46")
@pytest.mark.parametrize(
    ("effective", "last"),
    [(date(2026, 10, 20), date(2026, 11, 19)), (date(2026, 9, 1), date(2026, 10, 8))],
)
def test_r46_a_body_s_agreement_is_taken_to_court_in_thirty_days_and_ours_never(
    effective: date, last: date, cast: Cast
) -> None:
    at = datetime(effective.year, effective.month, effective.day, 10, tzinfo=CST)
    received = at - timedelta(hours=11)
    external = factory.mediation(cast, at="sealed", now=received, origin=factory.complaint(cast, now=received - timedelta(days=1)))  # fmt: skip

    clock = Clock.objects.get(case_id=external.pk, state="running")
    assert (clock.code, cst_date(clock.due_at)) == ("SFQR30", last)
    by = {"actor": cast.handler.actor, "evidence": "某区法院收件单"}
    late = datetime(last.year, last.month, last.day, 23, tzinfo=CST) + timedelta(days=1)
    for day, found in (
        (last + timedelta(days=1), ["applied_on.impossible"]),
        (effective - timedelta(days=1), ["applied_on.impossible"]),
    ):
        assert refusal(actions.apply_confirmation, case=external, now=late, applied_on=day, **by) == found
    external = actions.apply_confirmation(external, now=late, applied_on=last, **by)
    external = actions.decide_confirmation(external, now=late, outcome="confirmed", **by)
    assert (
        external.confirmation == "confirmed" and not Clock.objects.filter(case_id=external.pk, state="running").exists()
    )


@pytest.mark.rule("R46")
def test_r46_what_was_negotiated_through_us_opens_no_such_clock(cast: Cast) -> None:
    case = factory.mediation(cast, at="agreed")

    assert not Clock.objects.filter(case_id=case.pk, code="SFQR30").exists()
    given = {"actor": cast.handler.actor, "now": NOW, "applied_on": cst_date(NOW), "evidence": "x"}
    assert refusal(actions.apply_confirmation, case=case, **given) == ["form.internal"]


def test_a_body_s_agreement_binds_only_when_it_is_sealed(cast: Cast) -> None:
    case = factory.mediation(cast, at="signed_external")
    assert (case.state, case.signed_by) == ("negotiating", {"consumer", "merchant"})

    assert factory.STEPS["seal"](case, cast, NOW).state == "agreed"
    early = factory.mediation(cast, at="before_body", origin=factory.complaint(cast, phone="13900139000"))
    assert "signature.missing" in refusal(
        actions.seal_agreement, case=early, actor=cast.handler.actor, now=NOW, evidence="x"
    )
