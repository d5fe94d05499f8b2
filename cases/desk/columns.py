"""The columns of a list: which there are, which a person chose, and each row drawn once for as long as it says the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jike.base.errors import Text

# code: (heading, column of the case that is asked for only then)
COLUMNS: dict[str, tuple[Text, str]] = {
    "due": (_("Time left"), ""),
    "number": (_("Number"), ""),
    "state": (_("State"), ""),
    "consumer": (_("Consumer"), ""),
    "matter": (_("Merchant and matter"), ""),
    "amount": (_("Amount"), ""),
    "owner": (_("Handler"), ""),
    "last": (_("Last event"), ""),
    "received": (_("Received"), ""),
    "channel": (_("Channel"), "source_channel"),
    "unit": (_("Unit"), "unit__name"),
    "flags": (_("Marks"), "flags"),
}
USUAL = ("due", "number", "state", "consumer", "matter", "amount", "owner", "last")


def chosen_of(text: str) -> tuple[str, ...]:
    """The columns of `due,number,…` in that order; the number is always there, since it opens the case."""
    wanted = tuple(dict.fromkeys(code for code in text.split(",") if code in COLUMNS))
    if not wanted:
        return USUAL
    return wanted if "number" in wanted else ("number", *wanted)


def fields_of(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(COLUMNS[code][1] for code in columns if COLUMNS[code][1])


def headings_of(columns: tuple[str, ...]) -> list[tuple[str, Text]]:
    return [(code, COLUMNS[code][0]) for code in columns]


def draw(rows: list[Any], columns: tuple[str, ...], origin: str) -> None:
    """Give each row its `html`. Fifty rows are most of the time of a page, and nearly all say what they said a minute ago."""
    language = get_language() or ""
    for row in rows:
        _pk, *values = row.items()
        row["html"] = _drawn(language, columns, origin, tuple(values))


@lru_cache(maxsize=4_096)
def _drawn(language: str, columns: tuple[str, ...], origin: str, values: tuple[tuple[str, Any], ...]) -> str:
    return get_template("desk/_row.html").render({"row": dict(values), "columns": columns, "origin": origin})


def choices_of(columns: tuple[str, ...]) -> list[tuple[str, Text, bool]]:
    """Every column with whether it is shown, those that are first and in their order."""
    rest = [code for code in COLUMNS if code not in columns]
    return [(code, COLUMNS[code][0], code in columns) for code in (*columns, *rest)]
