"""Where two secret limits meet: the formula both sides accept before either says a number. Pure."""

from __future__ import annotations

from decimal import Decimal

from jike.base.money import cny


def meeting_point(least: Decimal, most: Decimal) -> Decimal | None:
    """The middle of what the consumer would take at least and the merchant would pay at most, to the cent, half up.

    None where the merchant's limit lies below the consumer's. Never less than `least` and never more than `most`.
    """
    return cny((least + most) / 2) if least <= most else None
