"""Papers, losses and the statement, until they are complete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases.attachments.models import Attachment
from cases.handling import acts
from cases.police import words
from cases.police.actions.opening import say
from cases.police.materials import label_of, why_of
from cases.police.models import Confirmation, Loss, Material, PoliceReport, Statement
from cases.police.rules import preparing as rules
from cases.police.statement import sha256_of
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.privacy import mask_phone
from jike.verbs import verb


@verb(
    PoliceReport,
    "police.ask_materials",
    label=_("Ask the consumer for papers"),
    blockers=rules.blockers_to_ask_materials,
    category="message",
)
def ask_materials(case: PoliceReport, *, actor: Actor, now: datetime, materials: Sequence[Material]) -> None:
    """One message names every paper and what it is for. Source: O2020-3 art 13, house police papers."""
    asked = sorted(materials, key=lambda row: row.seq)
    Material.objects.filter(pk__in=[row.pk for row in asked]).update(state=Material.State.ASKED, changed_at=now)
    case.forget("known_materials")
    with override("zh-hans"):
        items = [{"seq": n, "what": str(label_of(row)), "why": str(why_of(row))} for n, row in enumerate(asked, 1)]
    say(case, words.MATERIALS, now=now, items=items)
    case.tell(materials=",".join(row.code or str(row.seq) for row in asked))


@verb(
    PoliceReport,
    "police.settle_material",
    label=_("Say whether a paper is there"),
    blockers=rules.blockers_to_settle_material,
    category="document",
)
def settle_material(
    case: PoliceReport,
    *,
    actor: Actor,
    now: datetime,
    material: Material,
    state: str,
    paper: Attachment | None = None,
    note: str = "",
) -> None:
    """There, perhaps as a paper of the complaint, which stays where it is; or it does not exist."""
    row = Material.objects.get(pk=material.pk)
    row.state, row.paper, row.note, row.changed_at = state, paper, note.strip(), now
    row.save(update_fields=["state", "paper", "note", "changed_at"])
    case.forget("known_materials")
    case.tell(material=row.code or str(row.seq), is_there=state == Material.State.HAVE)


@verb(
    PoliceReport,
    "police.add_material",
    label=_("Add a paper to the list"),
    blockers=rules.blockers_to_add_material,
    category="document",
)
def add_material(case: PoliceReport, *, actor: Actor, now: datetime, label: str) -> None:
    """A paper that this case needs beside the usual ones."""
    row = Material(id=uuid7(), case_id=case.pk, seq=len(case.known_materials) + 1, label=label.strip(), changed_at=now)
    row.save(force_insert=True)
    case.forget("known_materials", holding="materials")
    case.tell(material=str(row.seq))


@verb(
    PoliceReport,
    "police.add_loss",
    label=_("Add a loss"),
    blockers=rules.blockers_to_add_loss,
    category="money",
)
def add_loss(
    case: PoliceReport,
    *,
    actor: Actor,
    now: datetime,
    occurred_on: date,
    amount_cny: Decimal,
    payee: str,
    channel: str,
    paper: Attachment | None = None,
) -> None:
    """One payment that is lost; the sum is computed from the table and never typed."""
    row = Loss(
        id=uuid7(),
        case_id=case.pk,
        seq=Loss.objects.filter(case_id=case.pk).count() + 1,
        occurred_on=occurred_on,
        amount_cny=amount_cny,
        payee=payee.strip(),
        channel=channel,
        paper=paper,
        added_by_id=actor.user,
        added_at=now,
    )
    row.save(force_insert=True)
    case.tell(loss=str(row.pk), seq=row.seq)
    _count_anew(case)


@verb(
    PoliceReport,
    "police.strike_loss",
    label=_("Strike a loss"),
    blockers=rules.blockers_to_strike_loss,
    category="money",
)
def strike_loss(case: PoliceReport, *, actor: Actor, now: datetime, loss: Loss, reason: str) -> None:
    """A row was wrong: it stays, struck, and counts no more."""
    row = Loss.objects.get(pk=loss.pk)
    row.struck_at, row.struck_by_id, row.strike_reason = now, actor.user, reason.strip()
    row.save(update_fields=["struck_at", "struck_by", "strike_reason"])
    case.tell(loss=str(row.pk), seq=row.seq)
    _count_anew(case)


def _count_anew(case: PoliceReport) -> None:
    """What queues show as the amount is the sum of the table."""
    case.forget("known_losses", holding="losses")
    case.amount_cny = case.loss_cny if case.known_losses else None


@verb(
    PoliceReport,
    "police.draft_statement",
    label=_("Draft the statement"),
    blockers=rules.blockers_to_draft_statement,
    category="document",
)
def draft_statement(case: PoliceReport, *, actor: Actor, now: datetime, facts: str, suspects: str = "") -> None:
    """What the consumer tells the police, a new version each time; the consumer is asked to read and confirm it.

    Source: GACX2020 art 169, art 172.
    """
    version = case.known_statement.version + 1 if case.known_statement else 1
    sha256 = sha256_of(case, version=version, facts=facts.strip(), suspects=suspects.strip())
    row = Statement(
        id=uuid7(),
        case_id=case.pk,
        version=version,
        facts=facts.strip(),
        suspects=suspects.strip(),
        sha256=sha256,
        drafted_by_id=actor.user,
        drafted_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_statement", holding="statements")
    case.tell(statement=str(row.pk), version=version, sha256=sha256.hex())
    say(case, words.STATEMENT, now=now, version=version)


@verb(
    PoliceReport,
    "police.confirm_statement",
    label=_("Confirm the statement"),
    blockers=rules.blockers_to_confirm_statement,
    category="document",
)
def confirm_statement(
    case: PoliceReport,
    *,
    actor: Actor,
    now: datetime,
    sha256: str,
    evidence: str = "",
    phone: str = "",
    challenge: UUID | None = None,
) -> None:
    """The consumer confirms the version that was read, `sha256` in hex: by the code of `challenge` to `phone`, as proven; or staff write
    down where the consumer did. Source: house signature."""
    statement = cast(Statement, case.known_statement)
    Confirmation(
        statement=statement,
        case_id=case.pk,
        sha256=bytes(statement.sha256),
        challenge=None if actor.is_staff else challenge,
        phone_mask="" if actor.is_staff else mask_phone(phone),
        evidence=evidence.strip() if actor.is_staff else "",
        actor_kind=actor.kind,
        confirmed_at=now,
    ).save(force_insert=True)
    case.forget("known_statement")
    case.tell(statement=str(statement.pk), sha256=bytes(statement.sha256).hex(), by=actor.kind)


@verb(PoliceReport, "police.mark_ready", label=_("Papers are complete"), blockers=rules.blockers_to_mark_ready)
def mark_ready(case: PoliceReport, *, actor: Actor, now: datetime) -> None:
    """Everything is there or does not exist: preparing -> ready. The consumer hears where to report and what to bring."""
    case.mark_ready()
    with override("zh-hans"):
        have = [str(label_of(row)) for row in case.known_materials if row.state == Material.State.HAVE]
    say(case, words.READY, now=now, items=have)


@verb(
    PoliceReport,
    "police.prepare_again",
    label=_("Go back to preparing"),
    blockers=rules.blockers_to_prepare_again,
)
def prepare_again(case: PoliceReport, *, actor: Actor, now: datetime, reason: str) -> None:
    """Something was missing or wrong after all: ready -> preparing."""
    case.mark_prepared_again()
    acts.add_note(case, actor=actor, now=now, text=reason.strip())
