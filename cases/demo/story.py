"""The demo story: invented complaints that walk the real actions on earlier days. `story.yaml` says what happened when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from cases.complaints import actions, letters
from cases.complaints.models import Complaint
from cases.models import Approval, Source
from jike.accounts.models import User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date, pinned
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from lending.actions import register_person
from lending.models import Funder, Loan, Merchant, Person

SOURCE = "demo"
_WHEN = re.compile(r"(\d+)d (\d{2}):(\d{2})|(\d+)h")
_DELIVERY_TIME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A case of the story as it stands now."""

    number: str
    kind: str
    state: str
    receipt_code: str
    consumer: str
    phone: str

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


def tell_story(now: datetime) -> list[Told]:
    """Make every case of the story that is not there yet, and finish one that was cut off; answers all of them.

    Each act carries its own idempotency key, so telling the story again changes nothing. Units, institutions and accounts
    must exist. A case that people have moved on in the meantime stays where they left it.
    """
    for chapter in chapters():
        _tell(chapter, now)
    return told()


def chapters() -> list[dict[str, Any]]:
    return list(yaml.safe_load((Path(__file__).parent / "story.yaml").read_text(encoding="utf-8")))


def told() -> list[Told]:
    """The cases of the story, in its order, with the receipt code and phone that open them in the portal."""
    keys = [chapter["key"] for chapter in chapters()]
    found = {source.external_id: source.case_id for source in Source.objects.filter(name=SOURCE, external_id__in=keys)}
    cases = Complaint.objects.select_related("consumer").in_bulk(list(found.values()))
    return [_as_told(cases[found[key]]) for key in keys if key in found]


def _as_told(case: Complaint) -> Told:
    assert case.consumer is not None
    return Told(
        number=case.number,
        kind=case.kind,
        state=case.state,
        receipt_code=open_sealed(case, "receipt_code"),
        consumer=open_sealed(case.consumer, "name"),
        phone=open_sealed(case.consumer, "phone"),
    )


def moment(when: str, now: datetime) -> datetime:
    """`12d 10:05` is that time in Shanghai twelve days ago, `3h` three hours ago. Raises ValueError for anything else."""
    found = _WHEN.fullmatch(when)
    if not found:
        raise ValueError(when)
    days, hour, minute, hours = found.groups()
    if hours:
        return now - timedelta(hours=int(hours))
    return datetime.combine(cst_date(now) - timedelta(days=int(days)), time(int(hour), int(minute)), tzinfo=CST)


def _tell(chapter: dict[str, Any], now: datetime) -> None:
    filed_at = moment(chapter["when"], now)
    with pinned(filed_at):
        case = _file(chapter, now, filed_at)
        _work_off(case, filed_at)
    for n, act in enumerate(chapter["acts"]):
        at = moment(act["when"], now)
        try:
            with pinned(at):
                _perform(case, act, key=f"{SOURCE}:{chapter['key']}:{n}", at=at)
        except Refused:
            return


def _file(chapter: dict[str, Any], now: datetime, at: datetime) -> Complaint:
    known = Source.objects.filter(name=SOURCE, external_id=chapter["key"]).first()
    if known:
        return Complaint.objects.get(pk=known.case_id)
    machine = machine_actor("demo")
    person = register_person(name=chapter["name"], phone=chapter["phone"], actor=machine, now=at)
    case: Complaint = actions.file_complaint(
        actor=consumer_actor(person.pk) if chapter["channel"] == "portal" else machine,
        now=at,
        key=f"{SOURCE}:{chapter['key']}",
        name=chapter["name"],
        phone=chapter["phone"],
        email=chapter.get("email", ""),
        claim=chapter["claim"],
        narrative=chapter["narrative"],
        channel=chapter["channel"],
        merchant_named=chapter["merchant"],
        loan=_loan(chapter, person, now),
        amount_cny=Decimal(chapter["amount"]),
        source=(SOURCE, chapter["key"]),
    )
    return case


def _loan(chapter: dict[str, Any], person: Person, now: datetime) -> Loan:
    row = chapter["loan"]
    return Loan.objects.get_or_create(
        number=row["number"],
        defaults={
            "person": person,
            "merchant": Merchant.objects.get(name=chapter["merchant"]),
            "funder": Funder.objects.get(name=row["funder"]),
            "principal_cny": Decimal(row["principal"]),
            "term_months": row["months"],
            "disbursed_at": moment(row["disbursed"], now),
            "service_state": row["service"],
            "contract_no": row["number"].replace("-L-", "-C-"),
        },
    )[0]


def _perform(case: Complaint, act: dict[str, Any], *, key: str, at: datetime) -> None:
    """One act of the story by the real action; what it sends leaves a minute later, except a letter, which waits for `deliver`."""
    inputs = {name: value for name, value in act.items() if name not in ("verb", "by", "when")}
    verb = act["verb"]
    if verb == "deliver":
        _work_off(case, at)
        return
    actor = _staff(act["by"]) if "by" in act else consumer_actor(case.consumer_id)
    do = partial(_ACTIONS[verb], case, actor=actor, now=at, key=key)
    if verb == "assign":
        inputs["to"] = User.objects.get(username=inputs["to"])
    elif verb == "propose_decision":
        inputs |= {"remedies": letters.remedies_text(case), "redress_cny": Decimal(inputs["redress_cny"])}
    elif verb == "approve_decision":
        inputs["payload"] = _payload(case)
    do(**inputs)
    if verb != "approve_decision":
        _work_off(case, at)


def _payload(case: Complaint) -> str:
    """The hash of the newest proposal: the story's supervisor has read it."""
    approval = (
        Approval.objects.filter(case_id=case.pk, verb="complaints.approve_decision").order_by("-asked_at").first()
    )
    return bytes(approval.payload_sha256).hex() if approval else ""


def _work_off(case: Complaint, at: datetime) -> None:
    """Do what the outbox holds for this case, in this process, as of a minute after `at`; twice, for what a letter releases."""
    then = at + _DELIVERY_TIME
    with pinned(then):
        for _round in range(3):
            waiting = Job.objects.filter(subject=case.pk, state=Job.State.READY, due_at__lte=then).values_list(
                "pk", flat=True
            )
            run_jobs(list(waiting), clock=lambda: then)


def _staff(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


_ACTIONS = {
    "claim": actions.claim_complaint,
    "assign": actions.assign_complaint,
    "classify": actions.classify_complaint,
    "accept": actions.accept_complaint,
    "note": actions.add_note,
    "message": actions.send_message,
    "reply": actions.send_message,
    "propose_decision": actions.propose_decision,
    "return_decision": actions.return_decision,
    "approve_decision": actions.approve_decision,
    "withdraw": actions.withdraw_complaint,
    "close": actions.close_complaint,
}
