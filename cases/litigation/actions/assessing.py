"""The assessment: the claim with its figures, limitation with what interrupts it, and the court that is chosen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases.litigation import counting
from cases.litigation.assessment import PLACES, wage_for
from cases.litigation.models import LimitationFact, Litigation
from cases.litigation.rules import assessing as rules
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.money import cny
from jike.verbs import verb


@verb(
    Litigation, "litigation.record_assessment", label=_("Write down the assessment"), blockers=rules.blockers_to_record_assessment
)  # fmt: skip
def record_assessment(
    case: Litigation,
    *,
    actor: Actor,
    now: datetime,
    claim_cny: Decimal,
    dispute: str,
    province: str,
    knew_on: date,
    is_money_claim: bool = True,
    harmed_on: date | None = None,
    last_due_on: date | None = None,
    **places: str,
) -> None:
    """Claim, figure of the small-claims test as it is today, places for the courts, and the days limitation runs from.

    `places` are some of `PLACES`; one left out is empty. Written down again, it counts anew from the new days and keeps every fact.
    Source: CPL art 165, CC art 188, CC art 189.
    """
    case.amount_cny, case.dispute, case.is_money_claim = cny(claim_cny), dispute, is_money_claim
    case.province, case.assessed_at = province, now
    wage = wage_for(province, year=cst_date(now).year)
    if wage:
        case.wage_province, case.wage_year, case.wage_cny, case.wage_checked = (
            wage.province,
            wage.year,
            wage.cny,
            wage.checked,
        )
    for name in PLACES:
        setattr(case, name, places.get(name, "").strip())
    case.knew_on, case.harmed_on, case.last_due_on = knew_on, harmed_on, last_due_on
    counting.recount(case, now=now)
    test = case.small_claims
    case.tell(
        band=test.band if test else "",
        wage=f"{case.wage_province}{case.wage_year}" if test else "",
        courts=len(case.candidates),
    )


@verb(
    Litigation, "litigation.record_interruption", label=_("Record what interrupts limitation"), blockers=rules.blockers_to_record_interruption
)  # fmt: skip
def record_interruption(
    case: Litigation, *, actor: Actor, now: datetime, kind: str, on: date, evidence: str, until: date | None = None
) -> None:
    """A demand, a promise, a proceeding or an obstacle; the count begins anew as the law says. Source: CC art 194, CC art 195, LIM2020."""
    row = counting.add_fact(case, kind, on=on, until=until, evidence=evidence, actor=actor, now=now)
    case.tell(fact=str(row.pk), what=kind, on=on.isoformat())


@verb(
    Litigation, "litigation.end_interruption", label=_("Record that it has ended"), blockers=rules.blockers_to_end_interruption
)  # fmt: skip
def end_interruption(case: Litigation, *, actor: Actor, now: datetime, fact: LimitationFact, until: date) -> None:
    """A proceeding or an obstacle is over: from now on the count runs again. Source: CC art 194, CC art 195."""
    row = next(known for known in case.known_facts if known.pk == fact.pk)
    counting.end_fact(case, row, until=until, now=now)
    case.tell(fact=str(row.pk), until=until.isoformat())


@verb(
    Litigation,
    "litigation.recount",
    label=_("Limitation counted anew"),
    blockers=rules.blockers_to_recount,
    category="clock",
    by_hand=False,
)
def recount_limitation(case: Litigation, *, actor: Actor, now: datetime) -> None:
    """A police report of the same matter was taken, refused, filed, or its case has ended: the clock says what follows. Source: LIM2020, house R49."""
    counting.recount(case, now=now)
    found = counting.limitation_of(case)
    case.tell(last=found.last_day.isoformat() if found and found.last_day else "")


@verb(Litigation, "litigation.collect", label=_("Choose the court and prepare the papers"), blockers=rules.blockers_to_collect)  # fmt: skip
def begin_collecting(case: Litigation, *, actor: Actor, now: datetime, ground: str, court: str) -> None:
    """One of the courts that can be chosen: -> collecting. Another one may be chosen while the papers are prepared. Source: CPL art 36."""
    case.mark_collecting(court=court.strip(), ground=ground)
    case.tell(ground=ground)
