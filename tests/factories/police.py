"""Police reports in any state, brought there by the actions that bring real ones there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.police import actions
from cases.police.models import Pack, PoliceReport
from jike.accounts.roles import consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.files import store
from tests.factories import complaints as complaint_factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

ORGAN = "某市公安局城东分局刑警大队"
FACTS = "2026年8月3日，我在示例培训中心交了一年学费，9月该中心关门，负责人失去联系。"
SUSPECTS = "负责人蒋某，电话 13700137000。"
SAID = {"evidence": "2026-09-29 电话录音"}
WISH = "2026-09-28 电话录音，消费者要求协助报案。"
LOSS: dict[str, Any] = {
    "occurred_on": date(2026, 8, 3),
    "amount_cny": Decimal("12600.00"),
    "payee": "示例培训中心 尾号 8812",
    "channel": "loan",
}
REPORT: dict[str, Any] = {
    "reported_by": "consumer",
    "organ": ORGAN,
    "receipt_no": "东公受字〔2026〕1001号",
    "officer": "李警官 010-55550101",
}
PACK: dict[str, Any] = {
    "recipient": ORGAN,
    "basis": "consent",
    "reference": "2026-09-28 电话录音 8 分 20 秒",
    "purpose": "报案时提交",
}

_READY = ("begin", "lose", "state", "confirm", "settle", "ready")
_REPORTED = (*_READY, "report")
POINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "requested": ("accuser", ()),
    "preparing": ("accuser", ("begin",)),
    "stated": ("accuser", ("begin", "lose", "state")),
    "complete": ("accuser", _READY[:-1]),
    "ready": ("accuser", _READY),
    "visited": ("accuser", (*_READY, "visit")),
    "packed": ("accuser", (*_READY, "pack", "issue")),
    "asked": ("accuser", (*_READY, "pack", "issue", "ask")),
    "released": ("accuser", (*_READY, "pack", "issue", "ask", "release")),
    "reported": ("accuser", _REPORTED),
    "reviewing": ("accuser", (*_REPORTED, "review")),
    "docketed": ("accuser", (*_REPORTED, "docket")),
    "not_docketed": ("accuser", (*_REPORTED, "refuse")),
    "refused_reporter": ("reporter", (*_REPORTED, "refuse")),
    "reconsidering": ("accuser", (*_REPORTED, "refuse", "reconsider")),
    "reconsidered": ("accuser", (*_REPORTED, "refuse", "reconsider", "stands")),
    "rereviewing": ("accuser", (*_REPORTED, "refuse", "reconsider", "stands", "rereview")),
    "closed": ("accuser", (*_REPORTED, "docket", "close")),
    "declined": ("accuser", ("decline",)),
    "withdrawn": ("accuser", ("begin", "withdraw")),
}


def complaint(cast: Cast, *, at: str = "investigating", **given: Any) -> Complaint:
    return complaint_factory.complaint(cast, at=at, **given)


def opened(
    cast: Cast, *, capacity: str = "accuser", origin: Complaint | None = None, now: datetime = RECEIVED
) -> PoliceReport:
    """Help that the handler has just registered."""
    origin = origin or complaint(cast)
    given = {"capacity": capacity, "wish": WISH}
    complaints.open_police_report(origin, actor=cast.handler.actor, now=now + timedelta(hours=9), **given)
    return PoliceReport.objects.get(origin=origin, ended_at=None)


def report(
    cast: Cast,
    *,
    at: str = "requested",
    now: datetime = RECEIVED,
    origin: Complaint | None = None,
    capacity: str = "",
) -> PoliceReport:
    """A police report at a point of `POINTS`; each step a minute after the one before, from ten hours after the receipt on."""
    usual, steps = POINTS[at]
    case = opened(cast, capacity=capacity or usual, origin=origin, now=now)
    for minutes, step in enumerate(steps):
        case = STEPS[step](case, cast, now + timedelta(hours=10, minutes=minutes))
    return case


def consumer_of(case: PoliceReport) -> Actor:
    return consumer_actor(case.consumer_id)


def hash_of(case: PoliceReport) -> str:
    row = case.versions.order_by("-version").first()
    return bytes(row.sha256).hex() if row else ""


def last_pack(case: PoliceReport) -> Pack | None:
    return case.packs.select_related("statement").order_by("-seq").first()


def settle_all(case: PoliceReport, cast: Cast, now: datetime) -> PoliceReport:
    for row in case.materials.exclude(state__in=["have", "none"]).order_by("seq"):
        state = "none" if row.code == "calls" else "have"
        case = actions.settle_material(
            case, actor=cast.handler.actor, now=now, material=row, state=state, note="在消费者处"
        )
    return case


def issued(case: PoliceReport, cast: Cast, now: datetime) -> PoliceReport:
    pack = last_pack(case)
    content = f"%PDF-1.7 {pack.pk}".encode()
    file = store.put(case.pk, content, media_type="application/pdf", display_name="pack.pdf", now=now)
    return actions.issue_pack(case, actor=machine_actor("outbox-worker"), now=now, pack=pack, file=file, pages=2)


def voted(case: PoliceReport, cast: Cast, now: datetime, verdict: str = "approved") -> PoliceReport:
    payload = bytes(case.approvals.get(verdict="").payload_sha256).hex()
    given = {"verdict": verdict, "payload": payload, "reason": "Reason"}
    return actions.release_pack(case, actor=cast.supervisor.actor, now=now, **given)


Step = Callable[[PoliceReport, Cast, datetime], PoliceReport]


def _by_handler(action: Any, **given: Any) -> Step:
    return lambda case, cast, now: action(case, actor=cast.handler.actor, now=now, **given)


STEPS: dict[str, Step] = {
    "begin": _by_handler(actions.begin),
    "lose": _by_handler(actions.add_loss, **LOSS),
    "state": _by_handler(actions.draft_statement, facts=FACTS, suspects=SUSPECTS),
    "confirm": lambda case, cast, now: actions.confirm_statement(
        case, actor=cast.handler.actor, now=now, sha256=hash_of(case), **SAID
    ),
    "settle": settle_all,
    "ready": _by_handler(actions.mark_ready),
    "visit": lambda case, cast, now: actions.record_visit(
        case, actor=cast.handler.actor, now=now, reported_on=cst_date(now), organ=ORGAN, **SAID
    ),
    "pack": _by_handler(actions.build_pack, **PACK),
    "issue": issued,
    "ask": lambda case, cast, now: actions.ask_pack_release(
        case, actor=cast.handler.actor, now=now, pack=last_pack(case)
    ),
    "release": voted,
    "report": lambda case, cast, now: actions.record_report(
        case, actor=cast.handler.actor, now=now, accepted_on=cst_date(now), **REPORT
    ),
    "review": _by_handler(actions.begin_review, **SAID),
    "docket": lambda case, cast, now: actions.docket(
        case, actor=cast.handler.actor, now=now, docket_no="东公立字〔2026〕77号", docketed_on=cst_date(now)
    ),
    "refuse": lambda case, cast, now: actions.record_refusal(
        case, actor=cast.handler.actor, now=now, refusal_no="东公不立字〔2026〕9号", received_on=cst_date(now)
    ),
    "reconsider": lambda case, cast, now: actions.ask_reconsideration(
        case, actor=cast.handler.actor, now=now, asked_on=cst_date(now), **SAID
    ),
    "stands": lambda case, cast, now: actions.record_reconsideration(
        case, actor=cast.handler.actor, now=now, number="东公复字〔2026〕3号", received_on=cst_date(now)
    ),
    "rereview": lambda case, cast, now: actions.ask_rereview(
        case, actor=cast.handler.actor, now=now, asked_on=cst_date(now), **SAID
    ),
    "close": _by_handler(actions.close_report, reason="公安机关已立案。"),
    "decline": lambda case, cast, now: actions.decline(
        case, actor=cast.supervisor.actor, now=now, reason="所述为合同纠纷，建议通过投诉和调解解决。"
    ),
    "withdraw": _by_handler(actions.withdraw, **SAID),
}
