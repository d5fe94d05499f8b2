"""The court's fee: asked for by notice, advanced by somebody, paid in time, waived or deferred."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.litigation import counting, words
from cases.litigation.actions.judging import add_sum
from cases.litigation.models import CourtFee, Litigation, Sum
from cases.litigation.rules import judging as rules
from jike.base.actors import Actor
from jike.base.dates import end_of_day
from jike.base.ids import uuid7
from jike.base.money import cny as to_cents
from jike.verbs import verb


@verb(Litigation, "litigation.record_fee", label=_("Record the court's notice of its fee"), blockers=rules.blockers_to_record_fee)  # fmt: skip
def record_fee(
    case: Litigation, *, actor: Actor, now: datetime, what: str, cny: Decimal, by: str, noticed_on: date
) -> None:
    """The court asks for its fee: seven days to pay begin. The consumer is told who advances it. Source: FEE2006 art 20, FEE2006 art 22."""
    row = CourtFee(
        id=uuid7(),
        case_id=case.pk,
        seq=len(case.known_fees) + 1,
        what=what,
        cny=to_cents(cny),
        payer=by,
        noticed_on=noticed_on,
        recorded_by_id=actor.user,
        recorded_at=now,
    )
    row.save(force_insert=True)
    case.forget("known_fees")
    clock = counting.start(case, "FEE7", at=min(now, end_of_day(noticed_on)), now=now)
    case.tell(fee=str(row.pk), what=what, by=by)
    is_own = by == Sum.By.CONSUMER
    words.tell(case, words.FEE, now=now, court=case.court, cny=f"{row.cny:,.2f}", until=clock.due_at, is_own=is_own)


@verb(Litigation, "litigation.settle_fee", label=_("Record that the fee was paid or waived"), blockers=rules.blockers_to_settle_fee)  # fmt: skip
def settle_fee(
    case: Litigation,
    *,
    actor: Actor,
    now: datetime,
    settled: str,
    settled_on: date,
    evidence: str,
    cny: Decimal | None = None,
) -> None:
    """Paid, which is noted among the costs; or waived or deferred by the court. Its seven days end. Source: FEE2006 art 44."""
    row = case.open_fee
    assert row is not None
    if settled == CourtFee.Settled.PAID:
        assert cny is not None
        row.paid = add_sum(
            case, what=Sum.What.COURT_FEE, by=row.payer, cny=to_cents(cny), on=settled_on, note="", actor=actor, now=now
        )
    row.settled, row.settled_on, row.evidence = settled, settled_on, evidence.strip()
    row.save(update_fields=["settled", "settled_on", "evidence", "paid"])
    case.forget("known_fees")
    clocks.stop(case, "FEE7", at=min(now, end_of_day(settled_on)), now=now)
    case.tell(fee=str(row.pk), settled=settled)
