"""The internal rate of return of a loan's payments, by months. Pure, whole cents in, Decimal out: no float touches a rate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from lending.cost.policy import Method

DIGITS = 40
STEPS = 110  # halvings of the interval: below 10^-30 whatever it was
HIGHEST = Decimal(1000)  # a month; nothing that is a loan costs more
EXACT = Decimal("0.000001")
SHOWN = Decimal("0.01")


class NoRate(ValueError):
    """These payments have no rate: nothing was received, or less is paid back than was received."""


def monthly_rate(received: int, payments: Sequence[int]) -> Decimal:
    """The rate r of a month at which `payments` (cents, at the end of months 1, 2, …) are worth `received` today.

    Exact to 10^-25. 0 when the payments add up to what was received. Raises NoRate where there is none.
    """
    if received <= 0 or sum(payments) < received or any(payment < 0 for payment in payments):
        raise NoRate(f"{received} received, {sum(payments)} paid")
    with localcontext() as context:
        context.prec = DIGITS
        low, high = Decimal(0), Decimal(1)
        while _worth(payments, high) > received:
            low, high = high, high * 2
            if high > HIGHEST:
                raise NoRate(f"{received} received, {sum(payments)} paid")
        for _step in range(STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if _worth(payments, middle) > received else (low, middle)
        return high if low else _zero_or(high)


def annual_percent(monthly: Decimal, method: Method) -> Decimal:
    """A monthly rate as percent a year, to six places."""
    with localcontext() as context:
        context.prec = DIGITS
        year = monthly * 12 if method == "monthly_times_12" else (1 + monthly) ** 12 - 1
        return (year * 100).quantize(EXACT, rounding=ROUND_HALF_UP)


def shown(percent: Decimal) -> Decimal:
    """A percentage as the form prints it, two places, half up."""
    return percent.quantize(SHOWN, rounding=ROUND_HALF_UP)


def _worth(payments: Sequence[int], rate: Decimal) -> Decimal:
    """What the payments are worth today at this monthly rate."""
    worth = Decimal(0)
    for payment in reversed(payments):
        worth = (worth + payment) / (1 + rate)
    return worth


def _zero_or(rate: Decimal) -> Decimal:
    return Decimal(0) if rate < Decimal("1e-25") else rate
