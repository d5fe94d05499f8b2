"""Judging one row: what it says as a complaint, what is doubtful about it, and why it cannot be taken."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.imports import values
from cases.imports.headers import Cell
from cases.imports.labels import label_of
from cases.imports.mapping import FACTS
from cases.imports.reader import Row
from cases.imports.remarks import Remark, remark
from cases.models import Case
from jike.base.dates import cst_date
from jike.privacy import blind_index, normalise_phone

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_LONGEST_ID = 60
_LONGEST_FACT = 500
_PERSONAL = ("name", "phone", "email", "claim", "narrative", "merchant")


@dataclass(slots=True)
class Complaint:
    """What one row says. `identity` is (source, number); without a number the keyed hash of the row stands for it.

    `facts` are the neutral facts of the source as it wrote them; `fingerprint` is a keyed hash of everything taken from the row.
    """

    line: int
    source: str
    number: str
    received_at: datetime
    closed_at: datetime | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    claim: str = ""
    narrative: str = ""
    merchant: str = ""
    channel: str = Case.Channel.IMPORT
    amount_cny: Decimal | None = None
    facts: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    case: UUID | None = None

    @property
    def identity(self) -> tuple[str, str]:
        return self.source, self.number or f"row:{self.fingerprint[:48]}"

    @property
    def has_ended(self) -> bool:
        """Whether the source says the matter is over: a closing date, or an answer other than an interim one."""
        answer = self.facts.get("company_response", "").casefold()
        return (
            self.closed_at is not None
            or answer.startswith("closed")
            or any(word in answer for word in ("办结", "结案", "已解决"))
        )


@dataclass(slots=True)
class Judgement:
    """A row that was read: `complaint` is None when it is rejected, and then `problems` says why; `left_out` is no row at all."""

    line: int
    complaint: Complaint | None
    problems: list[Remark]
    warnings: list[Remark]
    left_out: Remark | None = None


def judge(row: Row, cells: dict[str, Cell], *, source: str, now: datetime, live: bool = False) -> Judgement:
    """Judge a row by its cells per field. `live` asks for what a real complaint needs: name, telephone, claim, facts."""
    if row.left_out:
        return Judgement(row.line, None, [], [], row.left_out)
    problems = [row.problem] if row.problem else []
    warnings = list(row.warnings)
    complaint = None
    if any(isinstance(cell, str) and _HALF_CHARACTER.search(cell) for cell in cells.values()):
        problems.append(
            remark("row.characters_invalid", _("The row holds halves of characters that stand for nothing."))
        )
    if not problems:
        complaint = _read(row.line, cells, source, now, problems, warnings)
        if complaint is not None:
            problems += _missing_for_live(complaint) if live else []
            warnings += _contradictions(complaint) + ([] if live else _odd_phone(complaint))
    return Judgement(row.line, None if problems else complaint, problems, warnings)


def _read(
    line: int, cells: dict[str, Cell], source: str, now: datetime, problems: list[Remark], warnings: list[Remark]
) -> Complaint | None:
    number = values.whole_number(values.half_width(cells.get("external_id")))
    if number is None:
        problems.append(
            remark("number.cut", _("A spreadsheet has shortened the complaint number; its last digits are lost."))
        )
    elif len(number) > _LONGEST_ID:
        problems.append(
            remark("number.too_long", _("The complaint number has more than {limit} characters."), limit=_LONGEST_ID)
        )
    received_at = _moment(cells, "received_at", now, problems)
    closed_at = _moment(cells, "closed_at", now, warnings)
    if received_at is None and not any(problem.code.startswith("received_at.") for problem in problems):
        problems.append(remark("received_at.missing", _("The date of receipt is missing.")))
    if received_at is None:
        return None
    complaint = Complaint(
        line, values.half_width(cells.get("source"))[:_LONGEST_ID] or source, number or "", received_at, closed_at
    )
    for name in _PERSONAL:
        setattr(complaint, name, values.text_of(cells.get(name)).replace("\0", ""))
    complaint.phone = _phone(complaint.phone, warnings)
    complaint.amount_cny = _amount(cells, warnings)
    complaint.channel = _channel(cells, warnings)
    complaint.facts = _facts(cells, warnings)
    complaint.fingerprint = _fingerprint(complaint)
    return complaint


def _phone(text: str, warnings: list[Remark]) -> str:
    """A telephone number that a spreadsheet has written as 1.38001E+10 is restored when no digit is lost."""
    plain = values.half_width(text)
    number = values.whole_number(plain)
    if number is None:
        warnings.append(
            remark("phone.cut", _("A spreadsheet has shortened the telephone number; its last digits are lost."))
        )
    return number if number and number != plain else text


def _moment(cells: dict[str, Cell], name: str, now: datetime, remarks: list[Remark]) -> datetime | None:
    try:
        moment = values.moment_of(cells.get(name))
    except (ValueError, OverflowError):
        remarks.append(remark(f"{name}.unreadable", _("The field {field} is no date."), field=label_of(name)))
        return None
    if moment is not None and cst_date(moment) > cst_date(now):
        remarks.append(remark(f"{name}.future", _("The field {field} lies in the future."), field=label_of(name)))
        return None
    if moment is not None and moment < values.EARLIEST:
        remarks.append(remark(f"{name}.unlikely", _("The field {field} lies before 1980."), field=label_of(name)))
        return None
    return moment


def _amount(cells: dict[str, Cell], warnings: list[Remark]) -> Decimal | None:
    try:
        return values.amount_of(cells.get("amount_cny"))
    except ValueError:
        warnings.append(remark("amount.unreadable", _("The amount is no number and was left out.")))
        return None


def _channel(cells: dict[str, Cell], warnings: list[Remark]) -> str:
    if not values.half_width(cells.get("channel")):
        return Case.Channel.IMPORT.value
    try:
        return values.channel_of(cells["channel"])
    except ValueError:
        warnings.append(remark("channel.unknown", _("The channel is not known; the case counts as imported.")))
        return Case.Channel.IMPORT.value


def _facts(cells: dict[str, Cell], warnings: list[Remark]) -> dict[str, str]:
    facts = {}
    for name in FACTS:
        text = unicodedata.normalize("NFC", values.text_of(cells.get(name))).replace("\0", "")
        if len(text) > _LONGEST_FACT:
            warnings.append(
                remark(
                    "fact.shortened",
                    _("The field {field} was shortened to {limit} characters."),
                    field=label_of(name),
                    limit=_LONGEST_FACT,
                )
            )
        if text:
            facts[name] = text[:_LONGEST_FACT]
    return facts


def _fingerprint(complaint: Complaint) -> str:
    """A keyed hash of all that was taken from the row: equal rows are equal, and nothing can be guessed from it."""
    content = [
        complaint.number,
        complaint.received_at.isoformat(),
        complaint.closed_at.isoformat() if complaint.closed_at else "",
    ]
    content += [getattr(complaint, name) for name in _PERSONAL]
    content += [
        str(complaint.amount_cny or ""),
        complaint.channel,
        json.dumps(complaint.facts, sort_keys=True, ensure_ascii=False),
    ]
    return blind_index("import_row", json.dumps(content, ensure_ascii=False)).hex()


def _contradictions(complaint: Complaint) -> list[Remark]:
    """Where the source contradicts itself. The row is taken as it is: it is history, and not ours to mend."""
    facts, found = complaint.facts, []
    if complaint.closed_at and complaint.closed_at < complaint.received_at:
        found.append(remark("closed_at.before_receipt", _("Closed before it was received.")))
    if facts.get("company_response", "").casefold() == "untimely response" and facts.get("timely", "").casefold() in (
        "yes",
        "是",
    ):
        found.append(remark("timely.contradiction", _("The answer is called untimely and in time at once.")))
    try:
        sent_at = values.moment_of(facts.get("date_sent_to_company", ""))
    except ValueError:
        found.append(
            remark("sent.unreadable", _("The field {field} is no date."), field=label_of("date_sent_to_company"))
        )
    else:
        if sent_at and sent_at < complaint.received_at:
            found.append(remark("sent.before_receipt", _("Sent to the institution before it was received.")))
    return found


def _odd_phone(complaint: Complaint) -> list[Remark]:
    if not complaint.phone:
        return []
    if values.whole_number(values.half_width(complaint.phone)) is None:
        return []  # told already
    try:
        complaint.phone = normalise_phone(complaint.phone)
    except ValueError:
        return [remark("phone.unusual", _("The telephone number is no mobile number; it is kept as written."))]
    return []


def _missing_for_live(complaint: Complaint) -> list[Remark]:
    found = []
    for name in ("name", "phone", "claim", "narrative"):
        if not getattr(complaint, name):
            found.append(
                remark(f"{name}.missing", _("A real complaint needs the field {field}."), field=label_of(name))
            )
    try:
        complaint.phone = normalise_phone(complaint.phone) if complaint.phone else ""
    except ValueError:
        found.append(remark("phone.invalid", _("The telephone number is no mobile number.")))
    return found
