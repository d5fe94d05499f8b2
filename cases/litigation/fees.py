"""The court's fee for a claim: bands added up line by line, half of it where the procedure halves it. Pure but for the table.

Source: FEE2006 art 13, FEE2006 art 16.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cases.litigation.house_rules import FeeRules, house_rules
from cases.litigation.states import Procedure
from jike.base.money import cny

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """One band: from above `over` (yuan), of which `part` falls into it, at `percent`; a `percent` of None is the flat first band."""

    over: Decimal
    part: Decimal
    percent: Decimal | None
    cny: Decimal


@dataclass(frozen=True, slots=True)
class Fee:
    """`full` is the sum of the lines, `half` what a procedure that halves it leaves of it."""

    lines: tuple[Line, ...]
    full: Decimal
    half: Decimal
    rules: FeeRules

    def by(self, procedure: str) -> Decimal:
        return self.half if procedure in self.rules.halved else self.full


def fee_of(claim_cny: Decimal) -> Fee:
    """What a court takes for a claim for money of this amount, rounded half up to the cent. Source: FEE2006 art 13."""
    rules = house_rules().fees
    lines = [Line(Decimal(0), min(claim_cny, rules.first_up_to), None, rules.first_cny)]
    for band, following in zip(rules.bands, (*rules.bands[1:], None), strict=True):
        part = (claim_cny if following is None else min(claim_cny, following.over)) - band.over
        if part > 0:
            lines.append(Line(band.over, part, band.percent, cny(part * band.percent / HUNDRED)))
    full = sum((line.cny for line in lines), Decimal(0))
    return Fee(tuple(lines), full, cny(full / 2), rules)


def likely_procedure(band: str) -> str:
    """By the small-claims test: what must go by it is small, the rest is counted in full until the court says otherwise."""
    return Procedure.SMALL.value if band == "must" else Procedure.ORDINARY.value
