"""Single cells: dates as people and spreadsheets write them, amounts, channels."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cases.imports import values
from jike.base.dates import CST

NINTH = datetime(2026, 3, 9, tzinfo=CST)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-09",
        "2026/3/9",
        "2026.3.9",
        "2026年3月9日",
        "２０２６年３月９日",
        "20260309",
        "3/9/2026",
        46090,
        46090.0,
        "46090",
        date(2026, 3, 9),
        datetime(2026, 3, 9),  # noqa: DTZ001 - spreadsheets know no zone
    ],
)
def test_dates_alone_are_the_start_of_the_day_in_shanghai(cell):
    assert values.moment_of(cell) == NINTH


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-09 14:05", datetime(2026, 3, 9, 14, 5, tzinfo=CST)),
        ("2026年3月9日 14时05分", datetime(2026, 3, 9, 14, 5, tzinfo=CST)),
        ("2026-03-09T14:05:06Z", datetime(2026, 3, 9, 14, 5, 6, tzinfo=UTC)),
        ("2026-03-09T14:05:06+08:00", datetime(2026, 3, 9, 14, 5, 6, tzinfo=CST)),
        ("3/18/2015 09:00", datetime(2015, 3, 18, 9, tzinfo=CST)),
        (46090.5, datetime(2026, 3, 9, 12, tzinfo=CST)),
        ("", None),
        (None, None),
    ],
)
def test_times_are_read_with_their_zone(cell, moment):
    assert values.moment_of(cell) == moment


@pytest.mark.parametrize("cell", ["18/3/2015", "2026-02-30", "soon", "9.3.26", "2026-03-09 25:00", True])
def test_doubtful_dates_are_refused_not_guessed(cell):
    with pytest.raises(ValueError):
        values.moment_of(cell)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234.5", "1234.50"),
        ("￥１２３４", "1234.00"),
        ("800元", "800.00"),
        (12.345, "12.35"),
        (6820, "6820.00"),
        ("0.005", "0.01"),
    ],
)
def test_amounts_are_yuan_to_the_cent(cell, amount):
    assert values.amount_of(cell) == Decimal(amount)


@pytest.mark.parametrize("cell", ["两千", "-5", "nan", "1e99", "12.3.4"])
def test_amounts_that_are_none_are_refused(cell):
    with pytest.raises(ValueError):
        values.amount_of(cell)


@pytest.mark.parametrize(
    ("cell", "channel"),
    [
        ("客服电话", "phone"),
        ("12378 转办", "regulator"),
        ("黑猫投诉", "platform"),
        ("App", "portal"),
        ("phone", "phone"),
    ],
)
def test_channels_are_known_by_their_words(cell, channel):
    assert values.channel_of(cell) == channel
