"""Historical complaints: written in sets, as their source tells them. No clock runs and nobody is messaged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.imports.rows import Complaint as Row
from cases.kinds import kind_named
from cases.models import Case, Event, Party, Source
from cases.numbers import sequence_of
from jike import ledger, privacy
from jike.accounts.models import Unit
from jike.accounts.units import intake_unit
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Blocker, refuse_if
from jike.base.ids import uuid7
from jike.privacy import blind_index, mask_name, mask_phone
from jike.verbs import Verb
from jike.verbs.registry import register

NAME = "complaints.record_history"
_LOCK = 7_301_150_001


def blockers_to_record_history(case: None, actor: Actor, *, now: datetime, **facts: Any) -> list[Blocker]:
    if actor.can(NAME):
        return []
    return [Blocker("actor.no_power", _("Your role may not record historical complaints."))]


@transaction.atomic
def record_history(
    rows: Sequence[Row], *, actor: Actor, now: datetime, unit: Unit | None = None, run: str = ""
) -> list[Row]:
    """Write those of `rows` whose identity is not known yet; answers the rows that were written, each with its case.

    They go to `unit`, by default the one that receives new cases; `run` is the id of the import as people started it.

    One transaction for all of them: cases, complaints, parties, sources, one event and one ledger entry each. Two imports at
    the same time wait for each other, so neither writes a row twice. `rows` have different identities.
    """
    refuse_if(blockers_to_record_history(None, actor, now=now), verb=NAME)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = known_identities(rows)
    new = [row for row in rows if row.identity not in known]
    if not new:
        return []
    numbers = _numbers(len(new), now)
    unit = unit or intake_unit()
    cases = [_case(row, number, unit.pk, now, run) for row, number in zip(new, numbers, strict=True)]
    events = [Event.of(case, VERB, actor=actor, now=now, key="", before="") for case in cases]
    privacy.create_keys([case.pk for case in cases])
    Case.objects.bulk_create([_shared_part(case) for case in cases])
    Complaint._base_manager._insert(cases, fields=Complaint._meta.local_concrete_fields, using="default")  # type: ignore[attr-defined]
    Party.objects.bulk_create(
        [_party(row, case, now) for row, case in zip(new, cases, strict=True) if row.name or row.phone or row.email]
    )
    Source.objects.bulk_create([_source(row, case) for row, case in zip(new, cases, strict=True)])
    Event.objects.bulk_create(events)
    ledger.append_many(
        ledger.NewEntry(event.case_id, NAME, Event.LEDGER_SOURCE, event.pk, event.facts(), now) for event in events
    )
    return new


def known_identities(rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    """The identities among `rows` that are stored already, each with the fingerprint of what was stored."""
    wanted = {row.identity for row in rows}
    stored = Source.objects.filter(
        name__in={name for name, _ in wanted}, external_id__in={number for _, number in wanted}
    )
    found = {(source.name, source.external_id): str(source.facts.get("fingerprint", "")) for source in stored}
    return {identity: fingerprint for identity, fingerprint in found.items() if identity in wanted}


def _numbers(count: int, now: datetime) -> list[str]:
    """Case numbers for a whole set by one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence_of("complaint"), count])
        return [
            f"{kind_named('complaint').prefix}{cst_date(now):%Y%m%d}-{counter:05d}" for (counter,) in cursor.fetchall()
        ]


def _case(row: Row, number: str, unit: Any, now: datetime, run: str) -> Complaint:
    received_at = min(row.received_at, now)
    ended_at = (max(row.closed_at, received_at) if row.closed_at else now) if row.has_ended else None
    case = Complaint(
        kind="complaint",
        state=State.CLOSED if row.has_ended else State.RECEIVED,
        number=number,
        version=1,
        consumer_mask=mask_name(row.name) if row.name else "",
        unit_id=unit,
        source_channel=row.channel,
        amount_cny=row.amount_cny,
        is_historical=True,
        claim=row.claim,
        narrative=row.narrative,
        merchant_named=row.merchant,
        received_at=received_at,
        registered_at=now,
        ended_at=ended_at,
        last_verb=NAME,
        last_event_at=now,
    )
    case.case_ptr_id = case.id
    row.case = case.pk
    case.tell(source=row.source, line=row.line, **({"run": run} if run else {}))
    return case


def _shared_part(complaint: Complaint) -> Case:
    return Case(
        **{
            f.attname: complaint.__dict__[f.attname]
            for f in Case._meta.concrete_fields
            if f.attname in complaint.__dict__
        }
    )


def _party(row: Row, case: Complaint, now: datetime) -> Party:
    is_mobile = len(row.phone) == 11 and row.phone.isdigit()
    return Party(
        id=uuid7(),
        case_id=case.pk,
        role=Party.Role.COMPLAINANT,
        name=row.name,
        phone=row.phone,
        email=row.email,
        name_mask=mask_name(row.name) if row.name else "",
        phone_mask=mask_phone(row.phone) if is_mobile else "",
        phone_index=blind_index("phone", row.phone) if is_mobile else None,
        created_at=now,
    )


def _source(row: Row, case: Complaint) -> Source:
    facts: dict[str, Any] = {**row.facts, "fingerprint": row.fingerprint}
    if row.closed_at:
        facts["closed_at"] = row.closed_at.isoformat()
    return Source(
        id=uuid7(),
        case_id=case.pk,
        name=row.source,
        external_id=row.identity[1],
        received_at=case.received_at,
        facts=facts,
    )


VERB = Verb(
    NAME,
    _("Take over from an earlier register"),
    Complaint,
    blockers_to_record_history,
    record_history,
    opens=True,
    by_hand=False,
)
register(VERB)
