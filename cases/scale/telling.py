"""From one story to its rows, as the verbs of the product would have left them."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from cases.clocks import dates
from cases.clocks.models import Clock, ClockLine
from cases.complaints.actions.deciding import APPROVE, LETTER_TOPIC
from cases.complaints.letters import DECISION_LETTER
from cases.complaints.models import Complaint
from cases.complaints.wordings import ACCEPTANCE, CLOSING, DECISION, RECEIPT, WITHDRAWAL
from cases.models import Approval, Case, Decision, Delivery, Document, Event, Message, Note, Party, Source
from cases.scale import people
from cases.scale.letters import letter
from cases.scale.narratives import demand, narrative
from cases.scale.rows import Gathered, Move, Sealer
from cases.scale.stories import Step, Story
from cases.scale.world import Member, World
from cases.wording import Wording
from jike.base.ids import code_from
from jike.files.models import StoredFile
from jike.ledger import NewEntry, canonical
from jike.outbox.jobs import Job
from jike.privacy import blind_index, mask_name, mask_phone
from jike.verbs import verb_named
from lending.actions import identity_of
from lending.models import Loan, Person

_PARTS = {
    "findings": "经调取签约录音录像、合同及还款记录，投诉人反映的主要情况与记录基本相符。",
    "basis": "依据《银行业保险业消费投诉处理管理办法》及合同约定。",
    "reasons": "签约过程中对费用的说明不够充分，影响了消费者的判断。",
    "remedies": "对处理决定有异议的，可以自收到之日起三十日内申请核查，也可以申请调解、仲裁或者提起诉讼。",
}


def _code(groups: int) -> str:
    return code_from(os.urandom(32), groups=groups)


class Telling:
    """Writes one story into what a batch gathers. `seals` are the case's and the person's own."""

    def __init__(
        self,
        gathered: Gathered,
        world: World,
        story: Story,
        *,
        number: str,
        case: Sealer,
        person: Sealer,
        seed: int,
        now: datetime,
    ) -> None:
        self.out, self.world, self.story, self.number, self.now = gathered, world, story, number, now
        self.seal, self.person_seal, self.id, self.person_id = case, person, case.scope, person.scope
        self.chance = story.chance
        self.unit = self.chance.choice(list(world.units))
        handlers, supervisors = world.units[self.unit]
        self.handler, self.supervisor = self.chance.choice(handlers), self.chance.choice(supervisors)
        self.name, self.phone = people.name(self.chance), people.phone(seed, story.n)
        self.party_id, self.decision_id, self.payload = self.out.new_id(), self.out.new_id(), b""
        self.notice: Any = None
        self.source = (f"scale-{seed}", str(story.n))
        self.data: dict[str, dict[str, Any]] = {}

    def tell(self) -> None:
        """All rows of the story."""
        self._person()
        clock_due, clock_runs = self._clock()
        for step in self.story.steps:
            getattr(self, f"_{step.verb.partition('.')[2]}", self._nothing)(step)
        self._case(clock_due if clock_runs else None)
        self._events()

    # People and the case row

    def _person(self) -> None:
        seal, pk, at = self.person_seal, self.person_id, self.story.received_at
        masks = {
            "name_mask": mask_name(self.name),
            "phone_mask": mask_phone(self.phone),
            "phone_index": blind_index("phone", self.phone),
        }
        self.out.add(
            Person, id=pk, name=seal(Person, "name", pk, self.name), phone=seal(Person, "phone", pk, self.phone),
            identity_index=identity_of(self.phone, self.name), created_at=at, **masks,
        )  # fmt: skip
        self.out.add(
            Party, id=self.party_id, case_id=self.id, role=Party.Role.COMPLAINANT, name=self.seal(Party, "name", self.party_id, self.name),
            phone=self.seal(Party, "phone", self.party_id, self.phone), created_at=at, **masks,
        )  # fmt: skip
        self.out.index(self.id, "party", self.party_id, name=self.name, phone=self.phone)
        self.out.add(
            Source,
            id=self.out.new_id(),
            case_id=self.id,
            name=self.source[0],
            external_id=self.source[1],
            received_at=at,
            facts={},
        )

    def _loan(self, merchant: UUID, funder: UUID) -> UUID | None:
        if self.chance.random() < 0.4:
            return None
        pk = self.out.new_id()
        self.out.add(
            Loan, id=pk, number=f"{self.source[0]}-{self.source[1]}", person_id=self.person_id, merchant_id=merchant, funder_id=funder,
            principal_cny=Decimal(self.chance.randrange(20, 600) * 100), term_months=self.chance.choice((6, 12, 24)),
            disbursed_at=self.story.received_at - timedelta(days=self.chance.randrange(10, 400)),
        )  # fmt: skip
        return pk

    def _case(self, next_due_at: datetime | None) -> None:
        """The row as it ends. Where guards look on it is as filed but for what later steps set, and then moves along the events."""
        told, chance = self.story, self.chance
        version, assignee = len(told.steps), self.handler.id if told.is_claimed else None
        end = ("received", 1, None) if self.out.is_guarded else (told.state, version, assignee)
        (merchant, shop), funder = chance.choice(self.world.merchants), chance.choice(self.world.funders)
        loan, receipt = self._loan(merchant, funder), _code(4)
        classified = told.at("complaints.classify") is not None
        heading = self.data.get("complaints.classify", {})
        self.out.add(
            Case, id=self.id, kind="complaint", number=self.number, receipt_code=self.seal(Case, "receipt_code", self.id, receipt),
            receipt_index=blind_index("receipt", receipt), state=end[0], version=end[1], assignee_id=end[2], consumer_id=self.person_id,
            consumer_mask=mask_name(self.name), loan_id=loan, merchant_id=merchant, funder_id=funder if loan else None,
            responsible_institution_id=funder if loan else self.world.platform, unit_id=self.unit,
            business_code=heading["business"] if classified else "", cause_code=heading["cause"] if classified else "",
            amount_cny=Decimal(chance.randrange(1, 800) * 50) if chance.random() < 0.7 else None, source_channel=self._channel(),
            received_at=told.received_at, registered_at=told.received_at, ended_at=told.steps[-1].at if told.has_ended else None,
            next_due_at=next_due_at, next_due_code="CMP15" if next_due_at else "", last_verb=told.steps[-1].verb, last_event_at=told.steps[-1].at,
        )  # fmt: skip
        words = {"claim": demand(chance), "narrative": narrative(chance, told.received_at.year), "merchant_named": shop}
        self.out.index(self.id, "case", self.id, **words)
        self.out.add(
            Complaint, case_ptr_id=self.id, **{name: self.seal(Complaint, name, self.id, text) for name, text in words.items()}, accepted_at=told.at("complaints.accept"),
            decision_id=self.decision_id if told.at(APPROVE) else None, decided_at=told.at(APPROVE), notice_id=self.notice,
            notified_at=told.at("complaints.notify"), withdrawn_at=told.at("complaints.withdraw"),
            withdrawal_manner="portal" if told.state == "withdrawn" else "",
        )  # fmt: skip

    def _channel(self) -> str:
        return str(self.data["complaints.file"]["channel"])

    def _clock(self) -> tuple[datetime, bool]:
        """The CMP15 of the case and whether it still runs; stopped by the notice or the withdrawal."""
        at = self.story.received_at
        due = self.world.due(at)
        assert due.at is not None
        due_at, warnings = due.at, dates.warnings_of(due.rule, at, due.at, self.world.calendar)
        stopped_at = self.story.at("complaints.notify") or self.story.at("complaints.withdraw")
        late = (stopped_at or self.now) >= due_at + timedelta(seconds=1)
        ahead = [w for w in warnings if w > self.now] if stopped_at is None and not late else []
        pk, rule = self.out.new_id(), due.rule
        self.out.add(
            Clock, id=pk, case_id=self.id, code=rule.code, family=rule.family, rule_version=rule.version, duty=rule.duty,
            started_at=at, due_at=due_at, provisional=due.provisional, state="stopped" if stopped_at else "running", warnings=warnings,
            stage=len(warnings) - len(ahead), warn_at=ahead[0] if ahead else None, stopped_at=stopped_at,
            breached_at=due_at + timedelta(minutes=1) if late else None, created_at=at,
        )  # fmt: skip
        for seq, line in enumerate(due.lines, 1):
            self.out.add(
                ClockLine, id=self.out.new_id(), clock_id=pk, seq=seq, key=line.key, days=line.days, day=line.day, source=line.source, counts=line.counts,
                provisional=line.is_provisional, values=line.values,
            )  # fmt: skip
        return due_at, stopped_at is None

    # The verbs: what each leaves beside its event, and what its event tells

    def _nothing(self, step: Step) -> None:
        self.data.setdefault(step.verb, {})

    def _file(self, step: Step) -> None:
        channel = self.chance.choices(("portal", "phone", "regulator", "platform"), (70, 15, 10, 5))[0]
        self.data[step.verb] = {"channel": channel, "clock": "CMP15"}
        self._send(RECEIPT, step.at, f"您的投诉已登记，编号 {self.number}。凭查询码和本手机号随时查看进度。")

    def _claim(self, step: Step) -> None:
        self.data[step.verb] = {"assignee": str(self.handler.id)}

    def _classify(self, step: Step) -> None:
        codes = {"business": self.chance.choice(self.world.businesses), "cause": self.chance.choice(self.world.causes)}
        self.data[step.verb] = codes | {"was_business": "", "was_cause": ""}

    def _accept(self, step: Step) -> None:
        self._nothing(step)
        self._send(ACCEPTANCE, step.at, f"您的投诉 {self.number} 已受理，由 {self.handler.label} 负责核查。")

    def _message(self, step: Step) -> None:
        incoming = step.by == "consumer"
        text = narrative(self.chance, step.at.year)[:80]
        pk = self._write(
            "answer" if incoming else "letter",
            "inbox",
            "" if incoming else "投诉处理进展",
            text,
            step.at,
            incoming=incoming,
        )
        self.data[f"{step.verb} {step.by}"] = {
            "message": str(pk),
            "channel": "inbox",
            "direction": "in" if incoming else "out",
        }

    def _note(self, step: Step) -> None:
        pk = self.out.new_id()
        text = "已联系商家核对签约记录，" + narrative(self.chance, step.at.year)[:60]
        self.out.add(
            Note,
            id=pk,
            case_id=self.id,
            author_id=self.handler.id,
            body=self.seal(Note, "body", pk, text),
            created_at=step.at,
        )
        self.out.index(self.id, "note", pk, "staff", body=text)
        self.data[step.verb] = {"note": str(pk)}

    def _propose_decision(self, step: Step) -> None:
        pk, result = self.decision_id, self.chance.choice(("upheld", "partly", "partly", "rejected"))
        redress = "" if result == "rejected" else demand(self.chance)
        amount = Decimal(0 if result == "rejected" else self.chance.randrange(1, 200) * 100).quantize(Decimal("0.01"))
        parts = {**_PARTS, "redress": redress}
        content = {"case": str(self.id), "version": 1, "result": result, "redress_cny": str(amount), **parts}
        self.payload = hashlib.sha256(canonical(content)).digest()
        sealed = {name: self.seal(Decision, name, pk, text) for name, text in parts.items()}
        self.out.add(
            Decision,
            id=pk,
            case_id=self.id,
            version=1,
            result=result,
            redress_cny=amount,
            proposer_id=self.handler.id,
            proposed_at=step.at,
            **sealed,
        )
        self.out.index(self.id, "decision", pk, "staff", **{**parts, "remedies": ""})
        self.data[step.verb] = {
            "decision": str(pk),
            "decision_version": 1,
            "result": result,
            "payload": self.payload.hex(),
        }
        if self.story.at(APPROVE) is None:
            self._approval(self.out.new_id(), step.at, None)

    def _approve_decision(self, step: Step) -> None:
        approval, asked_at = self.out.new_id(), self.story.at("complaints.propose_decision")
        assert asked_at is not None
        self._approval(approval, asked_at, step.at)
        self.data[step.verb] = {
            "approval": str(approval),
            "decision": str(self.decision_id),
            "payload": self.payload.hex(),
        }
        delivered = self.story.at("complaints.notify")
        self._send(
            DECISION,
            step.at,
            f"您的投诉 {self.number} 已作出处理决定，请凭查询码和本手机号查阅。",
            delivered_at=delivered,
            decision=self.decision_id,
        )
        if delivered is None:
            key = f"{LETTER_TOPIC}:{self.decision_id}"
            self._job(LETTER_TOPIC, key, {"case": str(self.id), "decision": str(self.decision_id)}, step.at)

    def _approval(self, pk: UUID, asked_at: datetime, voted_at: datetime | None) -> None:
        voter = self.supervisor if voted_at else None
        self.out.add(
            Approval, id=pk, case_id=self.id, verb=APPROVE, decision_id=self.decision_id, payload_sha256=self.payload, maker_id=self.handler.id,
            maker_person=self.handler.person, handler_person=self.handler.person, unit_id=self.unit, asked_at=asked_at,
            verdict="approved" if voter else "", voter_id=voter.id if voter else None, voter_person=voter.person if voter else None, voted_at=voted_at,
        )  # fmt: skip

    def _issue_letter(self, step: Step) -> None:
        pk, stored, code = self.out.new_id(), self.out.new_id(), _code(3)
        content = letter(self.number, code)
        digest = hashlib.sha256(content).digest()
        self.out.files.append((self.id, digest, content))
        self.out.add(
            StoredFile, id=stored, scope=self.id, sha256=digest, size=len(content), media_type="application/pdf", created_at=step.at,
            display_name=self.seal(StoredFile, "display_name", stored, f"{self.number}-决定书.pdf"),
        )  # fmt: skip
        self.out.add(
            Document, id=pk, case_id=self.id, kind=Document.Kind.DECISION_LETTER, code=code, template=DECISION_LETTER, decision_id=self.decision_id,
            file_id=stored, created_at=step.at,
        )  # fmt: skip
        self.data[step.verb] = {"document": str(pk), "decision": str(self.decision_id), "sha256": digest.hex()}

    def _notify(self, step: Step) -> None:
        self.data[step.verb] = {"delivery": str(self.notice), "manner": "sms", "waiver": ""}

    def _close(self, step: Step) -> None:
        self._nothing(step)
        self._send(CLOSING, step.at, f"您的投诉 {self.number} 已办结。", channels=("inbox",))

    def _withdraw(self, step: Step) -> None:
        self.data[step.verb] = {"manner": "portal"}
        self._send(WITHDRAWAL, step.at, f"已按您的意愿撤回投诉 {self.number}，处理程序今日终止。")

    # Messages, jobs, events

    def _send(
        self, wording: Wording, at: datetime, text: str, *, channels: tuple[str, ...] = ("inbox", "sms"), delivered_at: datetime | None = None,
        decision: UUID | None = None,
    ) -> None:  # fmt: skip
        """The messages of one text; delivered a moment later, or (a decision) when the notice went out, or not yet."""
        sent_at = at + timedelta(seconds=4) if decision is None else delivered_at
        for channel in channels:
            message = self._write(
                wording.purpose,
                channel,
                wording.subject,
                text,
                at,
                template=wording.template(channel),
                decision=decision,
                sent_at=sent_at,
            )
            if decision and channel == "sms" and sent_at:
                self.notice = message

    def _write(
        self, purpose: str, channel: str, subject: str, text: str, at: datetime, *, incoming: bool = False, template: str = "",
        decision: UUID | None = None, sent_at: datetime | None = None,
    ) -> UUID:  # fmt: skip
        """One message; answers its id, or the id of its delivery when it is a notice that went out."""
        pk, delivery = self.out.new_id(), self.out.new_id()
        if not template:
            self.out.index(self.id, "message", pk, subject=subject, body=text)
        self.out.add(
            Message, id=pk, case_id=self.id, party_id=self.party_id, audience="consumer", channel=channel, purpose=purpose, is_incoming=incoming,
            template=template, subject=self.seal(Message, "subject", pk, subject), body=self.seal(Message, "body", pk, text), decision_id=decision,
            created_at=at,
        )  # fmt: skip
        if incoming or (decision and sent_at is None):
            return pk
        sent_at = sent_at or at + timedelta(seconds=4)
        self.out.add(
            Delivery,
            id=delivery,
            case_id=self.id,
            message_id=pk,
            manner=channel,
            sent_at=sent_at,
            provider="scale",
            provider_id=str(pk),
            created_at=sent_at,
        )
        return delivery if decision else pk

    def _job(self, topic: str, key: str, body: dict[str, str], at: datetime) -> None:
        """A job that waits for a later day, so that no worker takes it while something is measured."""
        self.out.add(
            Job, topic=topic, queue="documents", dedupe_key=key, body=body, subject=self.id, due_at=self.now + timedelta(days=30), lease_seconds=120,
            last_error="pango.missing", created_at=at,
        )  # fmt: skip

    def _events(self) -> None:
        """Event and ledger entry of every step, and the moves of the case row along them."""
        version, assignee, steps = 0, None, self.story.steps
        for version, step in enumerate(steps, 1):
            data = self.data.get(f"{step.verb} {step.by}") or self.data.get(step.verb, {})
            kind, pk, person, label = self._actor(step)
            values = {
                "id": self.out.new_id(), "case_id": self.id, "seq": version, "verb": step.verb, "category": verb_named(step.verb).category,
                "before_state": step.before, "after_state": step.after, "actor_kind": kind, "actor_id": pk, "actor_person": person,
                "actor_label": label, "data": data, "at": step.at,
            }  # fmt: skip
            self.out.add(Event, **values, txid=self.out.txid, recorded_at=self.out.now)
            # The facts of a row without its model: a million of them would be most of the time.
            facts = Event.facts(SimpleNamespace(**values))  # type: ignore[arg-type]
            self.out.entries.append(NewEntry(self.id, step.verb, Event.LEDGER_SOURCE, values["id"], facts, step.at))
            assignee = self.handler.id if step.verb == "complaints.claim" else assignee
            if self.out.is_guarded and version > 1 and (step.is_move or version == len(steps)):
                rank = sum(1 for earlier in steps[1 : version - 1] if earlier.is_move)
                self.out.moves.append(Move(self.id, rank, version, step.after, assignee))

    def _actor(self, step: Step) -> tuple[str, UUID | None, UUID | None, str]:
        if step.by == "consumer":
            known = None if step.verb == "complaints.file" else self.person_id
            return "consumer", known, known, "消费者"
        if step.by == "worker":
            return "machine", None, None, "outbox-worker"
        member: Member = self.handler if step.by == "handler" else self.supervisor
        return "staff", member.id, member.person, member.label
