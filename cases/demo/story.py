"""The demo story: invented complaints, questions and reports that walk the real actions on earlier days. `story.yaml` says what happened when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Q

from cases.bundles import making
from cases.complaints import actions, letters
from cases.complaints.models import Complaint
from cases.complaints.promises import open_promises
from cases.demo import papers, recordings, reports, suits, talks
from cases.evidence.models import Item
from cases.inquiries import actions as inquiries
from cases.models import Approval, Case, Source
from jike.accounts.models import Unit, User
from jike.accounts.roles import actor_of, consumer_actor, machine_actor
from jike.base.actors import Actor
from jike.base.dates import CST, cst_date, pinned
from jike.base.errors import Refused
from jike.files import store
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from jike.verbs import verb_named
from lending.actions import register_person, register_salesperson
from lending.models import Funder, Loan, Merchant, Person

SOURCE = "demo"
_WHEN = re.compile(r"(\d+)d (\d{2}):(\d{2})|(\d+)h")
PAPERWORK = r"^(attachments|copies)\."
"""Work on papers names the paper, not its case; while the story is told there are no others. Bundles are signed at the present hour."""
_DELIVERY_TIME, _LETTER_TIME = timedelta(minutes=1), timedelta(seconds=10)


Teller = tuple[Callable[[datetime], None], Callable[[], list[Case]]]
_MORE: list[Teller] = []


def also(tell: Callable[[datetime], None], cases: Callable[[], list[Case]]) -> None:
    """Let an app above this one tell more: `tell(now)` makes what is missing, `cases` answers what it made, in its order."""
    _MORE.append((tell, cases))


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
    for tell, _cases in _MORE:
        tell(now)
    recordings.tell(now, moment)
    return told()


def chapters() -> list[dict[str, Any]]:
    return list(yaml.safe_load((Path(__file__).parent / "story.yaml").read_text(encoding="utf-8")))


def told() -> list[Told]:
    """The cases of the story, in its order, with the receipt code and phone that open them in the portal."""
    keys = [chapter["key"] for chapter in chapters()]
    found = {source.external_id: source.case_id for source in Source.objects.filter(name=SOURCE, external_id__in=keys)}
    cases = Case.objects.select_related("consumer").in_bulk(list(found.values()))
    own = [_as_told(cases[found[key]]) for key in keys if key in found]
    return own + [_as_told(case) for _tell, more in _MORE for case in more()]


def _as_told(case: Case) -> Told:
    """A clue has nobody who could open it: no receipt code, no phone."""
    person = case.consumer
    return Told(
        number=case.number,
        kind=case.kind,
        state=case.state,
        receipt_code=open_sealed(case, "receipt_code") if person else "",
        consumer=open_sealed(person, "name") if person else "",
        phone=open_sealed(person, "phone") if person else "",
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
        # What happens at the present hour happens second after second: messages belong to the moment that wrote them.
        at = moment(act["when"], now) + timedelta(seconds=n if act["when"] == "0h" else 0)
        try:
            with pinned(at):
                _perform(case, act, key=f"{SOURCE}:{chapter['key']}:{n}", at=at, now=now)
        except Refused:
            return


def _file(chapter: dict[str, Any], now: datetime, at: datetime) -> Case:
    known = Source.objects.filter(name=SOURCE, external_id=chapter["key"]).first()
    if known:
        return Case.objects.get(pk=known.case_id)
    return _file_inquiry(chapter, at) if "nature" in chapter else _file_complaint(chapter, now, at)


def _file_inquiry(chapter: dict[str, Any], at: datetime) -> Case:
    """A question or a report; without a name it becomes a clue."""
    case: Case = inquiries.file_inquiry(
        actor=machine_actor("demo"),
        now=at,
        key=f"{SOURCE}:{chapter['key']}",
        nature=chapter["nature"],
        name=chapter.get("name", ""),
        phone=chapter.get("phone", ""),
        narrative=chapter["narrative"],
        channel=chapter["channel"],
        merchant_named=chapter["merchant"],
        source=(SOURCE, chapter["key"]),
    )
    return case


def _file_complaint(chapter: dict[str, Any], now: datetime, at: datetime) -> Case:
    machine = machine_actor("demo")
    person = register_person(name=chapter["name"], phone=chapter["phone"], actor=machine, now=at)
    case: Case = actions.file_complaint(
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
        unit=Unit.objects.get(code=chapter["unit"]) if "unit" in chapter else None,
    )
    return case


def _loan(chapter: dict[str, Any], person: Person, now: datetime) -> Loan:
    row, merchant = chapter["loan"], Merchant.objects.get(name=chapter["merchant"])
    sold_by = row.get("salesperson")
    return Loan.objects.get_or_create(
        number=row["number"],
        defaults={
            "person": person,
            "merchant": merchant,
            "salesperson": register_salesperson(merchant=merchant, now=now, **sold_by) if sold_by else None,
            "funder": Funder.objects.get(name=row["funder"]),
            "principal_cny": Decimal(row["principal"]),
            "term_months": row["months"],
            "disbursed_at": moment(row["disbursed"], now),
            "service_state": row["service"],
            "contract_no": row["number"].replace("-L-", "-C-"),
        },
    )[0]


def _perform(case: Case, act: dict[str, Any], *, key: str, at: datetime, now: datetime) -> None:
    """One act of the story by the real action; what it sends leaves a minute later, except a letter, which waits for `deliver`."""
    inputs = {name: value for name, value in act.items() if name not in ("verb", "by", "when")}
    verb = act["verb"]
    if verb.startswith(talks.PREFIX):
        _talk(case, act, key=key, at=at, now=now)
        return
    if verb.startswith(suits.PREFIX):
        _sue(case, act, key=key, at=at, now=now)
        return
    if verb.startswith(reports.PREFIX):
        _report(case, act, key=key, at=at, now=now)
        return
    if verb in ("deliver", "bind"):
        (_work_off if verb == "deliver" else _bind)(case, at)
        return
    actor = _staff(act["by"]) if "by" in act else consumer_actor(case.consumer_id)
    if verb == "papers":
        _hand_in(case, actor, key=key, at=at)
        return
    action = verb_named(f"inquiries.{verb}").action if case.kind == "inquiry" else _ACTIONS[verb]
    do = partial(action, case, actor=actor, now=at, key=key)
    do(**_shaped(case, verb, inputs, now))
    if verb != "approve_decision":
        _work_off(case, at)


def _talk(origin: Case, act: dict[str, Any], *, key: str, at: datetime, now: datetime) -> None:
    """One act of the mediation that came out of `origin`."""
    case = talks.mediation_of(origin)
    talks.perform(case, act, actor=talks.actor_for(act["by"], case, _staff, at=at), key=key, at=at, now=now)
    _work_off(case, at)
    _work_off(origin, at)


def _sue(matter: Case, act: dict[str, Any], *, key: str, at: datetime, now: datetime) -> None:
    """One act of the litigation about `matter`."""
    case = suits.litigation_of(matter)
    suits.perform(case, act, actor=suits.actor_for(act["by"], case, _staff), key=key, at=at, now=now)
    _work_off(case, at)


def _report(origin: Case, act: dict[str, Any], *, key: str, at: datetime, now: datetime) -> None:
    """One act of the police report that came out of `origin`."""
    case = reports.report_of(origin)
    actor = reports.actor_for(act["by"], case, _staff)
    reports.perform(case, act, actor=actor, key=key, at=at, now=now, moment=moment)
    _work_off(case, at)


def _hand_in(case: Case, actor: Actor, *, key: str, at: datetime) -> None:
    """The papers of the story, as a person hands them in, and what the worker then sees in each."""
    for n, (name, kind, content) in enumerate(papers.drawn(at)):
        file = store.put(case.pk, content, media_type=kind, display_name=name, now=at)
        actions.attach_paper(case, actor=actor, now=at, key=f"{key}:{n}", file=file, name=name)
    _work_off(case, at)


def _payload(case: Case, verb: str) -> str:
    """The hash of the newest request: the story's second person has read it."""
    approval = Approval.objects.filter(case_id=case.pk, verb=verb).order_by("-asked_at").first()
    return bytes(approval.payload_sha256).hex() if approval else ""


def _work_off(case: Case, at: datetime) -> None:
    """Do what the outbox holds for this case, in this process, as of a minute after `at`; twice, for what a letter releases."""
    then = at + _DELIVERY_TIME
    for n in range(3):
        moment = then + n * _LETTER_TIME
        with pinned(moment):
            waiting = Job.objects.filter(state=Job.State.READY, due_at__lte=moment)
            of_case = Q(subject=case.pk) | Q(topic__regex=PAPERWORK)
            run_jobs(list(waiting.filter(of_case).values_list("pk", flat=True)))


def _staff(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def _shaped(case: Case, verb: str, inputs: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The inputs of an act as its action takes them."""
    if "first_on" in inputs:
        inputs["first_on"] = cst_date(moment(inputs["first_on"], now))
    if verb == "assign":
        inputs["to"] = User.objects.get(username=inputs["to"])
    elif verb == "propose_decision":
        inputs |= {"remedies": letters.remedies_text(case), "redress_cny": Decimal(inputs["redress_cny"])}
    elif verb == "decline":
        inputs["remedies"] = letters.remedies_text(case)
    elif verb == "route":
        inputs["to"] = None
    elif verb == "ask_bundle_release" and "bundle" not in inputs:
        inputs["bundle"] = case.bundles.latest("version")
    elif verb in _VOTES:
        inputs["payload"] = _payload(case, f"complaints.{verb}")
    elif verb == "confirm_redress":
        inputs["promise"] = open_promises(Complaint.objects.get(pk=case.pk)).first()
    elif verb == "ask_merge":
        inputs["into"] = Complaint.objects.filter(sources__name=SOURCE, sources__external_id=inputs["into"]).first()
    elif verb == "describe_evidence":
        inputs["item"] = Item.objects.get(case_id=case.pk, number=inputs.pop("number"))
        inputs = {"page_from": None, "page_to": None} | inputs
    return inputs


def _bind(case: Case, at: datetime) -> None:
    """Make the bundles of this case that wait for a worker."""
    of_case = [str(pk) for pk in case.bundles.values_list("pk", flat=True)]
    waiting = Job.objects.filter(topic=making.TOPIC, state=Job.State.READY, body__bundle__in=of_case)
    run_jobs(list(waiting.values_list("pk", flat=True)))


_VOTES = ("approve_decision", "merge", "confirm_decline", "approve_extension", "approve_restart", "release_bundle")
_ACTIONS = {
    "ask_supplement": actions.ask_supplement,
    "decline": actions.decline_complaint,
    "confirm_decline": actions.confirm_decline,
    "extend_30": actions.extend_30,
    "extend_60": actions.extend_60,
    "approve_extension": actions.approve_extension,
    "pause": actions.pause_clock,
    "resume": actions.resume_clock,
    "add_facts": actions.add_facts,
    "ask_restart": actions.ask_restart,
    "approve_restart": actions.approve_restart,
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
    "confirm_redress": actions.confirm_redress,
    "close": actions.close_complaint,
    "request_review": actions.request_review,
    "reopen": actions.reopen_complaint,
    "ask_merge": actions.ask_merge,
    "merge": actions.merge_complaint,
    "split_off": actions.split_off,
    "register_evidence": actions.register_evidence,
    "describe_evidence": actions.describe_evidence,
    "open_house_report": actions.open_house_report,
    "open_litigation": actions.open_litigation,
    "open_mediation": actions.open_mediation,
    "open_police_report": actions.open_police_report,
    "build_bundle": actions.build_bundle,
    "ask_bundle_release": actions.ask_bundle_release,
    "release_bundle": actions.release_bundle,
}
