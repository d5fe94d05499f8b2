"""Mediations in any state, brought there by the actions that bring real ones there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.mediation import actions
from cases.mediation.models import Mediation, Term
from cases.mediation.proof import own_phone
from cases.mediation.terms import Term as PlainTerm
from jike.accounts.roles import consumer_actor, machine_actor, merchant_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.ids import uuid7
from lending.models import Merchant
from tests.factories import complaints as complaint_factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

MERCHANT_PHONE = "19900000101"
BODY = "某市金融消费纠纷人民调解委员会"
STANDS = timedelta(days=10)
FAR = RECEIVED + STANDS
DUE = (date(2026, 10, 20), date(2026, 11, 20))
TERMS = (
    PlainTerm("refund", DUE[0], Decimal("1000.00")),
    PlainTerm("refund", DUE[1], Decimal("500.00")),
    PlainTerm("apology", DUE[0]),
)
OFFER: dict[str, Any] = {"terms": TERMS, "refund_cny": Decimal("1500.00"), "words": "分两期退款并道歉。"}
TEXTS: dict[str, str] = {
    "facts": "消费者于2026年8月分期购买课程，商户停课。",
    "dispute": "未上课程的费用是否退还。",
    "responsibility": "商户对停课承担责任。",
    "manner": "退款原路退回还款账户。",
}
TOLD: dict[str, Any] = {
    "allegation": "消费者称分期购买的课程自九月起停课，要求退还未上课程的费用。",
    "facts": ["课程自2026年9月1日起停课。", "消费者已付首期款。"],
}
SAID = {"evidence": "2026-09-29 电话录音"}

# point: form, and the steps after opening
_TO_TALKS = ("consent", "invite", "link", "take_part")
_TO_DRAFT = (*_TO_TALKS, "offer", "accept", "draft")
_EXTERNAL = ("consent", "invite", "link", "take_part", "body_accepts")
POINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "proposed": ("internal", ()),
    "consented": ("internal", ("consent",)),
    "invited": ("internal", ("consent", "invite", "link")),
    "negotiating": ("internal", _TO_TALKS),
    "offered": ("internal", (*_TO_TALKS, "offer")),
    "accepted": ("internal", (*_TO_TALKS, "offer", "accept")),
    "drafted": ("internal", _TO_DRAFT),
    "half_signed": ("internal", (*_TO_DRAFT, "consumer_signs")),
    "agreed": ("internal", (*_TO_DRAFT, "consumer_signs", "merchant_signs")),
    "performing": ("internal", (*_TO_DRAFT, "consumer_signs", "merchant_signs", "perform")),
    "performed": ("internal", (*_TO_DRAFT, "consumer_signs", "merchant_signs", "perform", "confirm_all")),
    "failed": ("internal", (*_TO_TALKS, "fail")),
    "refused": ("internal", ("refuse",)),
    "withdrawn": ("internal", ("consent", "leave")),
    "breached": ("internal", (*_TO_DRAFT, "consumer_signs", "merchant_signs", "perform", "breach")),
    "waiting_for_body": ("external", _EXTERNAL[:-1]),
    "before_body": ("external", _EXTERNAL),
    "signed_external": ("external", (*_EXTERNAL, "offer", "accept", "draft", "consumer_signs", "merchant_signs")),
    "sealed": ("external", (*_EXTERNAL, "offer", "accept", "draft", "consumer_signs", "merchant_signs", "seal")),
}


def complaint(cast: Cast, *, at: str = "investigating", **given: Any) -> Complaint:
    """A complaint about a merchant of the starter data."""
    given = {"merchant": Merchant.objects.order_by("uscc").first()} | given
    return complaint_factory.complaint(cast, at=at, **given)


def opened(
    cast: Cast, *, form: str = "internal", origin: Complaint | None = None, now: datetime = RECEIVED
) -> Mediation:
    """A mediation that the handler has just proposed."""
    origin = origin or complaint(cast)
    body = BODY if form == "external" else ""
    complaints.open_mediation(origin, actor=cast.handler.actor, now=now + timedelta(hours=9), form=form, body=body)
    return Mediation.objects.get(origin=origin)


def mediation(
    cast: Cast, *, at: str = "proposed", now: datetime = RECEIVED, origin: Complaint | None = None
) -> Mediation:
    """A mediation at a point of `POINTS`; each step a minute after the one before, from ten hours after the receipt on."""
    form, steps = POINTS[at]
    case = opened(cast, form=form, origin=origin, now=now)
    for minutes, step in enumerate(steps):
        case = STEPS[step](case, cast, now + timedelta(hours=10, minutes=minutes))
    return case


def consumer_of(case: Mediation) -> Actor:
    return consumer_actor(case.consumer_id)


def merchant_of(case: Mediation) -> Actor:
    """Whoever holds the link in force; nobody in particular before there is one."""
    link = case.merchant_links.filter(revoked_at=None).first()
    return merchant_actor(link.pk if link else uuid7())


def confirmed(case: Mediation, cast: Cast, now: datetime) -> Mediation:
    link = case.merchant_links.get(revoked_at=None)
    return actions.confirm_link(case, actor=merchant_actor(link.pk), now=now, link=link, phone=MERCHANT_PHONE)


def signed(case: Mediation, actor: Actor, now: datetime) -> Mediation:
    agreement = case.agreements.latest("version")
    given = {"sha256": bytes(agreement.sha256), "phone": own_phone(case, actor), "challenge": uuid7()}
    return actions.sign_agreement(case, actor=actor, now=now, **given)


def first_term(case: Mediation) -> Term | None:
    return Term.objects.filter(case=case, offer__answer="accepted").order_by("seq").first()


def confirm_all(case: Mediation, cast: Cast, now: datetime) -> Mediation:
    for term in Term.objects.filter(case=case, offer__answer="accepted").order_by("seq"):
        case = actions.confirm_term(case, actor=consumer_of(case), now=now, term=term)
    return case


def _merchant_offers(case: Mediation, cast: Cast, now: datetime) -> Mediation:
    return actions.make_offer(case, actor=merchant_of(case), now=now, expires_at=now + STANDS, **OFFER)


def _consumer_accepts(case: Mediation, cast: Cast, now: datetime) -> Mediation:
    offer = case.offers.latest("seq")
    return actions.answer_offer(case, actor=consumer_of(case), now=now, offer=offer, answer="accepted")


Step = Callable[[Mediation, Cast, datetime], Mediation]
STEPS: dict[str, Step] = {
    "consent": lambda case, cast, now: actions.consent(case, actor=consumer_of(case), now=now),
    "invite": lambda case, cast, now: actions.invite_merchant(case, actor=cast.handler.actor, now=now, **TOLD),
    "link": confirmed,
    "take_part": lambda case, cast, now: actions.take_part(case, actor=merchant_of(case), now=now),
    "body_accepts": lambda case, cast, now: actions.record_acceptance(
        case, actor=cast.handler.actor, now=now, accepted_on=cst_date(now), reference="（2026）调受1号"
    ),
    "offer": _merchant_offers,
    "accept": _consumer_accepts,
    "draft": lambda case, cast, now: actions.draft_agreement(case, actor=cast.handler.actor, now=now, **TEXTS),
    "consumer_signs": lambda case, cast, now: signed(case, consumer_of(case), now),
    "merchant_signs": lambda case, cast, now: signed(case, merchant_of(case), now),
    "seal": lambda case, cast, now: actions.seal_agreement(
        case, actor=cast.handler.actor, now=now, evidence="（2026）调协1号"
    ),
    "perform": lambda case, cast, now: actions.begin_performance(case, actor=machine_actor("clock"), now=now),
    "confirm_all": confirm_all,
    "fail": lambda case, cast, now: actions.fail(case, actor=cast.handler.actor, now=now, reason="双方差距过大。"),
    "refuse": lambda case, cast, now: actions.refuse(case, actor=consumer_of(case), now=now),
    "leave": lambda case, cast, now: actions.leave(case, actor=consumer_of(case), now=now),
    "breach": lambda case, cast, now: actions.record_breach(
        case, actor=machine_actor("clock"), now=RECEIVED + timedelta(days=40)
    ),
}
