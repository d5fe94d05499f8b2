"""Loans as tables: a folder of CSV files, put together into the documents that `import_loan` takes. Pure.

    terms.csv, merchants.csv, funders.csv          one row each, the columns of `lending.parties`
    loans.csv                                      a row per loan; `person.name`, `person.phone`, `service.state` … name inner fields
    instalments.csv, fees.csv, disbursements.csv, repayments.csv    with a column `loan`
    parts.csv                                      with columns `loan` and `repayment`

Any of them may be missing. Numbers are whole, amounts cents, `by_instalment` is `3000;2000;…`, an empty cell says nothing.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PARTIES = ("terms", "merchants", "funders")
INNER = ("instalments", "fees", "disbursements", "repayments")
ENCODINGS = ("utf-8-sig", "gb18030")
_WHOLE = frozenset(
    ["principal_cents", "term_months", "served_bp", "number", "interest_cents", "fees_cents", "amount_cents"]
)
_YES_NO = frozenset(["is_contingent", "free_return", "first_loan_only", "silence_is_unserved"])
_SAID = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}


def documents_in(folder: Path) -> Iterator[tuple[str, int, Any]]:
    """Everything in the folder as (what, row, content), parties first; `what` is the name of the table the row stands in.

    Raises ValueError naming the file for one that cannot be read, and for rows about a loan or repayment that is in no table.
    """
    for name in PARTIES:
        yield from ((name, number, content) for number, content in rows_of(folder / f"{name}.csv"))
    inner = {name: _by_loan(folder / f"{name}.csv") for name in INNER}
    parts = _by_loan(folder / "parts.csv")
    loans = list(rows_of(folder / "loans.csv"))
    known = {str(content.get("external_id")) for _number, content in loans}
    for name, rows in {**inner, "parts": parts}.items():
        if strange := sorted(set(rows) - known):
            raise ValueError(f"{name}.csv: no loan {', '.join(strange[:5])} in loans.csv")
    for number, content in loans:
        loan = str(content.get("external_id"))
        content |= {name: inner[name].get(loan, []) for name in INNER}
        _give_parts(content["repayments"], parts.get(loan, []))
        yield "loans", number, content


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of one table with their line numbers, as plain values; nothing for a table that is not there."""
    if not path.exists():
        return
    reader = csv.DictReader(io.StringIO(_text(path)))
    for row in reader:
        yield reader.line_num, _content(row)


def _text(path: Path) -> str:
    for encoding in ENCODINGS:
        try:
            return path.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(f"{path.name}: neither UTF-8 nor GB18030")


def _content(row: dict[str | None, Any]) -> dict[str, Any]:
    """A row as an object: `a.b` is field b of a; what cannot be a number stays a text, and is a fault of its field later."""
    found: dict[str, Any] = {}
    for column, cell in row.items():
        name, text = (column or "").strip(), cell.strip() if isinstance(cell, str) else ""
        if not name or not text:
            continue
        outer, _dot, inner = name.partition(".")
        if inner:
            found.setdefault(outer, {})[inner] = _value(inner, text)
        else:
            found[outer] = _value(outer, text)
    return found


def _value(name: str, text: str) -> Any:
    if name == "by_instalment":
        return [_whole(part) for part in text.split(";")]
    if name in _WHOLE:
        return _whole(text)
    return _SAID.get(text.lower(), text) if name in _YES_NO else text


def _whole(text: str) -> Any:
    return int(text) if text.strip().lstrip("-").isdecimal() else text


def _by_loan(path: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _number, content in rows_of(path):
        found[str(content.pop("loan", ""))].append(content)
    return found


def _give_parts(repayments: list[dict[str, Any]], parts: list[dict[str, Any]]) -> None:
    by_repayment: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        by_repayment[str(part.pop("repayment", ""))].append(part)
    for row in repayments:
        row["parts"] = by_repayment.pop(str(row.get("external_id")), [])
    if by_repayment:
        raise ValueError(f"parts.csv: no repayment {', '.join(sorted(by_repayment)[:5])} in repayments.csv")
