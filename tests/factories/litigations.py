"""Litigations in any state, brought there by the actions that bring real ones there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.bundles import plan
from cases.bundles.models import Binding, Bundle
from cases.bundles.profiles import PROFILES
from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.evidence.models import Item
from cases.litigation import actions, papers
from cases.litigation.models import Litigation
from cases.mediation import actions as mediations
from jike import ledger
from jike.accounts.models import Unit, User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.files import store
from lending.models import Merchant
from tests.evidence.conftest import WORDS
from tests.factories import complaints as complaint_factory
from tests.factories import mediations as mediation_factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast, Staff, staff

SAID = {"evidence": "2026-09-29 电话录音"}
ASSESSMENT: dict[str, Any] = {
    "claim_cny": Decimal("13950.00"),
    "dispute": "contract",
    "is_money_claim": True,
    "province": "SH",
    "knew_on": date(2026, 8, 20),
    "harmed_on": date(2026, 8, 1),
    "plaintiff_place": "上海市杨浦区",
    "defendant_place": "上海市浦东新区",
}
COURT = {"ground": "defendant", "court": "上海市浦东新区人民法院"}
STATEMENT = {
    "plaintiff_name": "王小明",
    "plaintiff_sex": "男",
    "plaintiff_age": "1990年1月1日出生",
    "plaintiff_ethnicity": "汉族",
    "plaintiff_occupation": "职员",
    "plaintiff_address": "上海市杨浦区示例路1号",
    "plaintiff_phone": "13800138000",
    "defendant_name": "启航示例教育培训学校",
    "defendant_address": "上海市浦东新区示例路2号",
    "claims": "判令被告退还课程费用13,950.00元。",
    "facts": "被告停课，未提供剩余课程。",
}
LIST = {"submitted_by": "王小明", "copies": "1"}
AUTHORITY = {
    "principal_name": "王小明",
    "principal_address": "上海市杨浦区示例路1号",
    "agent_name": "李律师",
    "agent_standing": "律师",
    "matters": "第一审诉讼。",
    "powers": "一般代理。",
}
FILED = date(2026, 9, 30)
DOCKETED = date(2026, 10, 4)
DOCKET = {"docketed_on": DOCKETED, "number": "（2026）沪0115民初1234号", "procedure": "simplified"}
HEARING_AT = datetime(2026, 10, 18, 9, 30, tzinfo=CST)
SERVED = date(2026, 10, 23)
PERFORM_BY = date(2026, 11, 20)
JUDGMENT: dict[str, Any] = {
    "served_on": SERVED, "outcome": "won", "awarded_cny": Decimal("12000.00"), "perform_by": PERFORM_BY, "evidence": "判决书",
}  # fmt: skip

_ASSESSED = ("claim", "assess", "record_assessment")
_COLLECTING = (*_ASSESSED, "collect")
_WHOLE = (*_COLLECTING, "evidence", "statement", "list", "print")
_SEALED = (*_WHOLE, "confirm", "bundle", "seal")
_FILED = (*_SEALED, "release", "file")
_DOCKETED = (*_FILED, "docket")
_HEARING = (*_DOCKETED, "schedule", "hold")
_JUDGED = (*_HEARING, "judge")
_EFFECTIVE = (*_JUDGED, "take_effect")
_ENFORCING = (*_EFFECTIVE, "performance_over", "enforce")
POINTS: dict[str, tuple[str, ...]] = {
    "requested": (),
    "claimed": ("claim",),
    "assessing": ("claim", "assess"),
    "assessed": _ASSESSED,
    "collecting": _COLLECTING,
    "drafted": _WHOLE,
    "ready": _SEALED[:-1],
    "sealed": _SEALED,
    "released": (*_SEALED, "release"),
    "filed": _FILED,
    "docketed": _DOCKETED,
    "small": (*_FILED, "docket_small"),
    "scheduled": (*_DOCKETED, "schedule"),
    "hearing": _HEARING,
    "judged": _JUDGED,
    "judged_small": (*_FILED, "docket_small", "judge"),
    "appealing": (*_JUDGED, "appeal"),
    "effective": _EFFECTIVE,
    "enforcing": _ENFORCING,
    "closed": (*_ENFORCING, "close"),
    "court_rejected": (*_FILED, "reject"),
    "appealing_ruling": (*_FILED, "reject", "appeal_ruling"),
    "declined": ("claim", "decline"),
    "settled": (*_DOCKETED, "settle"),
    "withdrawn": ("claim", "withdraw"),
}
# When a step happens: days after the receipt of the complaint; steps of one day a minute after each other.
DAYS = {
    "release": 2, "file": 2, "docket": 6, "docket_small": 6, "schedule": 6, "settle": 7, "reject": 7, "appeal_ruling": 8, "hold": 21,
    "judge": 26, "appeal": 27, "take_effect": 45, "performance_over": 55, "enforce": 56, "close": 60,
}  # fmt: skip


def counsel(name: str = "counsel", *roles: str) -> Staff:
    """Somebody of the legal unit; made on first use."""
    known = User.objects.filter(username=name).first()
    if known:
        return Staff(known, actor_of(known))
    return staff(name, *(roles or ("legal",)), unit=Unit.objects.get(code="HQ-LEGAL"))


def opened(cast: Cast, *, origin: Complaint | None = None, now: datetime = RECEIVED) -> Litigation:
    """A litigation that the handler of a complaint has just asked for."""
    merchant = Merchant.objects.order_by("uscc").first()
    origin = origin or complaint_factory.complaint(cast, at="investigating", merchant=merchant)
    complaints.open_litigation(origin, actor=cast.handler.actor, now=now + timedelta(hours=9))
    return Litigation.objects.get(origin=origin)


def of_mediation(cast: Cast) -> Litigation:
    """A litigation out of a broken mediation, by one click."""
    mediation = mediation_factory.mediation(cast, at="breached")
    mediations.open_litigation(mediation, actor=cast.handler.actor, now=RECEIVED + timedelta(days=41))
    return Litigation.objects.get(origin=mediation)


def litigation(
    cast: Cast, *, at: str = "requested", now: datetime = RECEIVED, origin: Complaint | None = None
) -> Litigation:
    """A litigation at a point of `POINTS`."""
    case = opened(cast, origin=origin, now=now)
    return walked(case, cast, POINTS[at], now=now)


def walked(case: Litigation, cast: Cast, steps: tuple[str, ...], *, now: datetime = RECEIVED) -> Litigation:
    for minutes, step in enumerate(steps):
        at = now + timedelta(days=DAYS.get(step, 1), minutes=minutes)
        STEPS[step](case, cast, at)
        case = Litigation.objects.get(pk=case.pk)
    return case


def moment_of(point: str) -> datetime:
    """Shortly after the last step of a point."""
    steps = POINTS[point]
    return RECEIVED + timedelta(days=max([1, *(DAYS.get(step, 1) for step in steps)]), hours=1)


def consumer_of(case: Litigation) -> Actor:
    return consumer_actor(case.consumer_id)


def complaint_of(case: Litigation) -> Complaint:
    return Complaint.objects.get(pk=case.matter_id)


def registered(case: Litigation, cast: Cast, now: datetime, *, papers: int = 2) -> None:
    """The matter's register with described papers."""
    matter = complaint_of(case)
    for n in range(papers):
        complaint_factory.examined(matter, f"%PDF-1.7 evidence {n}".encode(), name=f"证据{n}.pdf", now=now)
    complaints.register_evidence(matter, actor=cast.handler.actor, now=now)
    for item in Item.objects.filter(case_id=matter.pk):
        described(matter, cast, item, now)


def described(matter: Complaint, cast: Cast, item: Item, now: datetime, **words: Any) -> None:
    given = WORDS | {"title": f"证据名称{item.label}", "page_from": 1, "page_to": 1} | words
    complaints.describe_evidence(matter, actor=cast.handler.actor, now=now, item=item, **given)


def bundled(case: Litigation, cast: Cast, now: datetime) -> Bundle:
    """A bound bundle of exactly the register as it is now, as far as rows go."""
    matter, court = complaint_of(case), PROFILES["court"]
    manifest = plan.manifest_of(matter, court, plan.rows_for(matter, court))
    version = Bundle.objects.filter(case_id=matter.pk, profile="court").count() + 1
    bundle = Bundle.objects.create(
        case_id=matter.pk, profile="court", version=version, manifest=ledger.canonical(manifest).decode(),
        manifest_sha256=plan.sha256_of(manifest), items=len(manifest["items"]), code=f"T-{matter.pk.hex[-8:]}-{version}",
        asked_by_kind="staff", asked_at=now,
    )  # fmt: skip
    file = complaint_factory.paper(matter, f"%PDF-1.7 bundle {version}".encode())
    Binding.objects.create(
        bundle=bundle, case_id=matter.pk, document=file, package=file, pages=1, is_signed=True, bound_at=now
    )
    return bundle


def printed(case: Litigation, cast: Cast, now: datetime) -> Litigation:
    """Every version that waits for its PDF gets one, as the worker would bring it."""
    for draft in case.paper_versions.filter(file=None):
        content = f"%PDF-1.7 {draft.pk}".encode()
        file = store.put(case.pk, content, media_type="application/pdf", display_name="paper.pdf", now=now)
        case = actions.issue_paper(case, actor=machine_actor("outbox-worker"), now=now, draft=draft, file=file)
    return case


def released(case: Litigation, cast: Cast, now: datetime) -> None:
    matter, bundle = complaint_of(case), Bundle.objects.filter(case_id=case.matter_id).latest("version")
    matter = complaints.ask_bundle_release(matter, actor=cast.handler.actor, now=now, bundle=bundle)
    payload = complaint_factory.payload_of(matter, "complaints.release_bundle")
    complaints.release_bundle(matter, actor=cast.supervisor.actor, now=now, verdict="approved", payload=payload)


def confirmed(case: Litigation, cast: Cast, now: datetime) -> Litigation:
    sha256 = papers.set_sha256(case).hex()
    return actions.confirm_papers(case, actor=consumer_of(case), now=now, sha256=sha256)


def _held(case: Litigation, cast: Cast, now: datetime) -> Litigation:
    hearing = case.hearings.latest("seq")
    return actions.hold_hearing(case, actor=counsel().actor, now=now, hearing=hearing, note="双方到庭。")


def _small(case: Litigation, cast: Cast, now: datetime) -> Litigation:
    return actions.docket_claim(case, actor=counsel().actor, now=now, **(DOCKET | {"procedure": "small"}))


def _rejected(case: Litigation, cast: Cast, now: datetime) -> Litigation:
    served = date(2026, 10, 5)
    given = {"rejection": "not_accepted", "served_on": served, "evidence": "裁定书"}
    return actions.record_rejection(case, actor=counsel().actor, now=now, **given)


def _appealed(case: Litigation, cast: Cast, now: datetime) -> Litigation:
    on = now.astimezone(CST).date()
    return actions.record_appeal(case, actor=counsel().actor, now=now, appealed_on=on, by="consumer", evidence="上诉状")


def _enforced(case: Litigation, cast: Cast, now: datetime) -> Litigation:
    on = now.astimezone(CST).date()
    given = {"enforced_on": on, "court": COURT["court"], "evidence": "执行申请"}
    return actions.apply_enforcement(case, actor=counsel().actor, now=now, **given)


def _by_counsel(action: Callable[..., Any], **given: Any) -> Callable[[Litigation, Cast, datetime], Any]:
    return lambda case, cast, now: action(case, actor=counsel().actor, now=now, **given)


def _by_clock(action: Callable[..., Any]) -> Callable[[Litigation, Cast, datetime], Any]:
    return lambda case, cast, now: action(case, actor=machine_actor("clock"), now=now)


Step = Callable[[Litigation, Cast, datetime], Any]
STEPS: dict[str, Step] = {
    "claim": _by_counsel(actions.claim_litigation),
    "assess": _by_counsel(actions.begin_assessment),
    "record_assessment": _by_counsel(actions.record_assessment, **ASSESSMENT),
    "collect": _by_counsel(actions.begin_collecting, **COURT),
    "evidence": registered,
    "statement": _by_counsel(actions.draft_statement, **STATEMENT),
    "list": _by_counsel(actions.draft_list, **LIST),
    "print": printed,
    "confirm": confirmed,
    "bundle": bundled,
    "seal": _by_counsel(actions.seal_papers),
    "release": released,
    "file": _by_counsel(actions.file_claim, filed_on=FILED, receipt="网上立案回执 1"),
    "docket": _by_counsel(actions.docket_claim, **DOCKET),
    "docket_small": _small,
    "schedule": _by_counsel(actions.schedule_hearing, at=HEARING_AT, place="第三法庭"),
    "hold": _held,
    "judge": _by_counsel(actions.record_judgment, **JUDGMENT),
    "appeal": _appealed,
    "take_effect": _by_counsel(actions.take_effect),
    "performance_over": _by_clock(actions.begin_enforcement_period),
    "enforce": _enforced,
    "close": _by_counsel(actions.close_litigation, summary="款项已全部执行到位。"),
    "reject": _rejected,
    "appeal_ruling": _appealed,
    "decline": _by_counsel(actions.decline_litigation, reason="缺少证据。", told="现有材料不足以证明损失。"),
    "settle": _by_counsel(actions.settle, terms="被告退还一万元。", **SAID),
    "withdraw": _by_counsel(actions.withdraw_litigation, **SAID),
}
