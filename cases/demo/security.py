"""What a security test begins with: two accounts of every role in two units, two consumers nobody else is called, two cases of each kind."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.demo.accounts import password_of
from cases.headings import choices
from cases.inquiries import actions as inquiries
from cases.inquiries.models import Inquiry
from cases.litigation.models import Litigation
from cases.models import Case
from cases.police import actions as police
from cases.police.models import PoliceReport
from cases.starter import ensure_starter_data
from jike.accounts.models import Unit, User
from jike.accounts.roles import actor_of, consumer_actor, table
from jike.base.dates import cst_date
from jike.privacy import open_sealed

UNITS = ("HQ-CP", "BR-EAST")
CONSUMERS = (
    {"name": "龘靐齉", "phone": "13976543219", "email": "canary-1@quetzal.example"},
    {"name": "麤鱻犇", "phone": "13812349876", "email": "canary-2@quetzal.example"},
)
CLAIM, NARRATIVE = "请归还那只会唱歌的金丝雀笼子", "金丝雀在旧矿井第七层唱了四句歌"
SUSPECTS = "嫌疑人龗龖，住旧矿井第九层"
DECISION: dict[str, Any] = {
    "result": "upheld",
    "findings": "查明鸟笼确实是空的而且门开着。",
    "basis": "分期服务合同第七条。",
    "reasons": "服务未履行。",
    "remedies": "核查、调解、仲裁、诉讼。",
    "redress": "退还已付分期款。",
    "redress_cny": Decimal(3000),
}
STATES = ("received", "investigating", "deciding", "decided")


def seed(now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Make what is not there yet; answers accounts with passwords, consumers, and cases with every id that an address may hold."""
    ensure_starter_data(now)
    staff = [_account(role, code) for role in sorted(table().roles) for code in UNITS]
    cases = [_case(state, given, now) for state in STATES for given in CONSUMERS]
    questions = [_question(given, now) for given in CONSUMERS]
    suits = [_suit(case, now) for case in cases if case.state == "investigating"]
    reports = [_report(given, now) for given in CONSUMERS]
    return {
        "accounts": [_account_row(user) for user in staff],
        "consumers": [dict(given) for given in CONSUMERS],
        "cases": [_case_row(case) for case in cases],
        "inquiries": [_case_row(case) for case in questions],
        "litigations": [_case_row(case) for case in suits],
        "police_reports": [_report_row(case) for case in reports],
    }


def _account(role: str, unit: str) -> User:
    username = f"sec-{role}-{UNITS.index(unit) + 1}"
    if known := User.objects.filter(username=username).first():
        return known
    user = User(username=username, display_name=username, staff_no=f"X-{role}-{UNITS.index(unit) + 1}", roles=[role])
    user.unit = Unit.objects.get(code=unit)
    user.set_password(password_of(username))
    user.save(force_insert=True)
    return user


def _case(state: str, given: dict[str, str], now: datetime) -> Complaint:
    """One case at `state`. Every act has its key: seeding again changes nothing."""
    handler, supervisor = (actor_of(User.objects.get(username=f"sec-{role}-1")) for role in ("handler", "supervisor"))
    act: dict[str, Any] = {"actor": handler, "now": now, "key": "seed"}
    with transaction.atomic():
        key = f"seed-{state}-{given['phone']}"
        case = actions.file_complaint(
            actor=consumer_actor(None), now=now, key=key, claim=CLAIM, narrative=NARRATIVE, **given
        )
        if state == "received":
            return case
        on = cst_date(case.received_at)
        headings = {f"{table}_code": choices(table, on=on)[0][0] for table in ("business", "cause")}
        case = actions.claim_complaint(case, **act)
        case = actions.accept_complaint(case, **act)
        case = actions.classify_complaint(case, **act, **headings)
        if state != "investigating":
            case = actions.propose_decision(case, **act, **DECISION)
        if state == "decided":
            payload = bytes(case.approvals.get().payload_sha256).hex()
            case = actions.approve_decision(case, **{**act, "actor": supervisor}, payload=payload)
        return case


def _question(given: dict[str, str], now: datetime) -> Inquiry:
    """A question that somebody handles."""
    act: dict[str, Any] = {"actor": actor_of(User.objects.get(username="sec-handler-1")), "now": now}
    key = f"seed-question-{given['phone']}"
    with transaction.atomic():
        case = inquiries.file_inquiry(**act, key=key, nature="question", narrative=NARRATIVE, **given)
        return inquiries.claim_inquiry(case, **act, key="seed")


def _suit(origin: Complaint, now: datetime) -> Litigation:
    """A litigation in the pool of the legal unit, under the receipt of its complaint."""
    known = Litigation.objects.filter(matter=origin).first()
    handler = actor_of(User.objects.get(username="sec-handler-1"))
    if known is None:
        with transaction.atomic():
            actions.open_litigation(origin, actor=handler, now=now, key="seed")
            known = Litigation.objects.get(matter=origin)
    return known


def _report(given: dict[str, str], now: datetime) -> PoliceReport:
    """A police report whose statement names somebody nobody else is called; the consumer has not confirmed it yet."""
    act: dict[str, Any] = {"actor": actor_of(User.objects.get(username="sec-handler-1")), "now": now, "key": "seed"}
    with transaction.atomic():
        origin = _case("investigating", given, now)
        actions.open_police_report(origin, **act, capacity="accuser", wish=NARRATIVE)
        case = PoliceReport.objects.get(origin=origin)
        case = police.begin(case, **act)
        return police.draft_statement(case, **act, facts=NARRATIVE, suspects=SUSPECTS)


def _report_row(case: PoliceReport) -> dict[str, Any]:
    return {
        "number": case.number,
        "id": str(case.pk),
        "state": case.state,
        "origin": case.origin.number,
        "unit": case.unit.code,
        "assignee": case.assignee.username if case.assignee else "",
        "materials": [str(pk) for pk in case.materials.order_by("seq").values_list("pk", flat=True)],
    }


def _account_row(user: User) -> dict[str, Any]:
    unit = user.unit.code if user.unit else ""
    return {
        "id": str(user.pk),
        "username": user.username,
        "password": password_of(user.username),
        "roles": user.roles,
        "unit": unit,
    }


def _case_row(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "id": str(case.pk),
        "state": case.state,
        "receipt_code": open_sealed(case, "receipt_code"),
        "phone": open_sealed(case.known_parties[0], "phone"),
        "unit": case.unit.code,
        "assignee": case.assignee.username if case.assignee else "",
        "parties": [str(party.pk) for party in case.known_parties],
        "documents": list(case.documents.values_list("code", flat=True)),
    }
