"""Money in yuan: Decimal with two places, rounded half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cny(value: Decimal | int | str) -> Decimal:
    """`value` in yuan, to the cent, half up. Floats are not accepted: they have already lost the cent."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)
