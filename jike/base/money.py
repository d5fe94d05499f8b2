"""Money in yuan: Decimal with two places, rounded half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cny(value: Decimal | int | str) -> Decimal:
    """`value` in yuan, to the cent, half up. Floats are not accepted: they have already lost the cent."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def to_cents(value: Decimal) -> int:
    """Yuan as whole cents. Raises ValueError where a part of a cent would be lost."""
    cents = value * 100
    if not value.is_finite() or cents != cents.to_integral_value():
        raise ValueError(f"{value} is no whole number of cents")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Whole cents as yuan with two places."""
    return Decimal(cents).scaleb(-2).quantize(CENT)


def part_of(cents: int, part: int, whole: int) -> int:
    """The share `part`/`whole` of an amount that is not negative, to the cent, half up."""
    return (2 * cents * part + whole) // (2 * whole)
