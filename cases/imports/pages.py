"""What the screens of an import show. Names and numbers of people appear masked; the file itself stays sealed."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cases.imports import labels, values
from cases.imports.forms import ColumnsForm, ReadForm
from cases.imports.mapping import Mapping, fixed_mapping
from cases.imports.models import SILENT_FOR, ImportLine, ImportRun
from cases.imports.queries import lines_of, numbers_of, runs_visible_to, unsealed
from cases.imports.reader import Row
from cases.imports.rows import judge
from cases.models import Case
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.privacy import mask_email, mask_name, mask_phone, open_sealed
from jike.web.downloads import plain_cell
from jike.web.pages import short_date

PAGE = 100
SHOWN = (
    "external_id",
    "received_at",
    "closed_at",
    "name",
    "phone",
    "claim",
    "narrative",
    "merchant",
    "channel",
    "amount_cny",
)
_LONG_NUMBER = re.compile(r"\d{7,}")
_SHORT_CHINESE = re.compile(r"[\u4e00-\u9fff·]{2,4}")


def list_context(actor: Actor) -> dict[str, Any]:
    runs = [
        {
            "run": run,
            "name": open_sealed(run.file, "display_name"),
            "asked": short_date(run.created_at),
            "counts": _counts(run),
        }
        for run in runs_visible_to(actor).order_by("-created_at")[:50]
    ]
    return {"runs": runs}


def run_context(
    run: ImportRun, actor: Actor, *, now: datetime, after: int = 0, form: ColumnsForm | None = None
) -> dict[str, Any]:
    """Everything the page of one import prints, in whichever state it is."""
    context = {
        "run": run,
        "name": open_sealed(run.file, "display_name"),
        "asked": short_date(run.created_at),
        "trouble": open_sealed(run, "trouble"),
        "progress": progress_of(run, now=now),
        "counts": _counts(run),
    }
    if run.state in (ImportRun.State.MAPPING, ImportRun.State.UNREADABLE, ImportRun.State.CHECKED):
        context |= matching_context(run, actor, now=now, form=form)
    if run.shown_counts:
        context |= lines_context(run, actor, after=after)
    return context


def matching_context(run: ImportRun, actor: Actor, *, now: datetime, form: ColumnsForm | None) -> dict[str, Any]:
    found, wishes = unsealed(run, "inspection"), unsealed(run, "wishes")
    read_form = ReadForm(sheets=found.get("sheets", []), initial=wishes)
    if not found:
        return {"read_form": read_form}
    columns = unsealed(run, "columns")
    form = form or columns_form(run)
    headers = found["headers"]
    return {
        "found": found,
        "read_form": read_form,
        "form": form,
        "columns": [
            {"field": form[f"column{n}"], "sample": _sample(found["rows"], header, columns.get(header, ""))}
            for n, header in enumerate(headers)
        ],
        "preview": preview_of(run, found, columns, now=now),
        "sources": sorted(set(runs_visible_to(actor).exclude(source="").values_list("source", flat=True))),
    }


def columns_form(run: ImportRun, data: Any = None) -> ColumnsForm:
    headers, columns = unsealed(run, "inspection")["headers"], unsealed(run, "columns")
    initial = {f"column{n}": columns.get(header, "") for n, header in enumerate(headers)}
    return ColumnsForm(
        data, headers=headers, initial=initial | {"source": run.source, "is_live": "live" if run.is_live else "history"}
    )


def preview_of(run: ImportRun, found: dict[str, Any], columns: dict[str, str], *, now: datetime) -> dict[str, Any]:
    """The first rows as they would be read now, with what would be said about them."""
    mapping = fixed_mapping(columns, found["headers"])
    fields = [name for name in SHOWN if name in columns.values()]
    lines = [_preview_line(run, one, mapping, fields, now) for one in found["rows"]]
    return {"labels": [labels.label_of(name) for name in fields], "lines": lines}


def _preview_line(
    run: ImportRun, one: dict[str, Any], mapping: Mapping, fields: list[str], now: datetime
) -> dict[str, Any]:
    said = [text for text in (one["problem"], one["left_out"], *one["warnings"]) if text]
    result, cells = "left_out" if one["left_out"] else "rejected" if one["problem"] else "created", []
    if result == "created":
        taken = mapping.fields(one["cells"])
        judged = judge(Row(one["line"]), taken, source=run.source, now=now, live=run.is_live)
        said += [str(remark) for remark in (*judged.problems, *judged.warnings)]
        result = "created" if judged.complaint else "rejected"
        cells = [_shown(name, taken.get(name), judged.complaint) for name in fields]
    return {
        "line": one["line"],
        "result": result,
        "label": ImportLine.Result(result).label,
        "cells": cells or [""] * len(fields),
        "said": said,
    }


def _shown(name: str, cell: Any, complaint: Any) -> str:
    """One value as it would be taken over, masked where it belongs to a person."""
    text = values.text_of(cell)
    if complaint is None:
        return _masked(name, text)
    value = getattr(complaint, name, None) if name != "external_id" else complaint.number
    if isinstance(value, datetime):
        return value.astimezone(CST).strftime("%Y-%m-%d %H:%M")
    if name == "channel":
        return str(Case.Channel(value).label)
    return _masked(name, str(value)) if value not in (None, "") else ""


def _masked(name: str, text: str) -> str:
    if name == "name":
        return mask_name(text) if text else ""
    if name == "phone":
        return mask_phone(text) if text else ""
    if name == "email":
        return mask_email(text) if text else ""
    short = text if len(text) <= 40 else f"{text[:40]}…"
    return (
        short
        if name in ("external_id", "received_at", "closed_at", "amount_cny")
        else _LONG_NUMBER.sub(_starred, short)
    )


def _sample(rows: list[dict[str, Any]], header: str, name: str) -> str:
    """The first value of a column. While it has no field, what looks like a name or a long number is masked."""
    text = next((t for row in rows if not row["left_out"] and (t := values.text_of(row["cells"].get(header)))), "")
    if name:
        return _masked(name, text)
    masked = _LONG_NUMBER.sub(_starred, text[:24])
    return mask_name(masked) if _SHORT_CHINESE.fullmatch(masked) else masked


def _starred(found: re.Match[str]) -> str:
    digits = found[0]
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def progress_of(run: ImportRun, *, now: datetime) -> dict[str, Any]:
    """How far it is. Without a trial nobody knows how many rows there are, and the bar has no end."""
    silent = run.is_busy and now - (run.progressed_at or run.created_at) > SILENT_FOR
    total = run.total if run.state != ImportRun.State.CHECKING else None
    percent = min(100, run.position * 100 // total) if total else None
    return {
        "position": f"{run.position:,}",
        "total": f"{total:,}" if total else "",
        "percent": percent,
        "is_silent": silent,
    }


def _counts(run: ImportRun) -> list[dict[str, Any]]:
    counts = run.shown_counts
    return [
        {"result": result, "label": label, "count": f"{counts.get(result, 0):,}"}
        for result, label in ImportLine.Result.choices
        if counts
    ]


def lines_context(run: ImportRun, actor: Actor, *, after: int) -> dict[str, Any]:
    """A page of the lines about which there is something to say, then those that went well."""
    lines = list(lines_of(run, only_remarkable=True).filter(position__gt=after)[: PAGE + 1])
    shown = lines[:PAGE]
    created = list(lines_of(run).filter(result="created").exclude(case=None)[:20]) if not after else []
    numbers = numbers_of(actor, [*shown, *created])
    return {
        "lines": [
            {
                "line": one,
                "label": one.get_result_display(),
                "said": open_sealed(one, "said"),
                "number": numbers.get(one.case_id, ""),
            }
            for one in shown
        ],
        "next_after": shown[-1].position if len(lines) > PAGE else 0,
        "is_first": not after,
        "made": [number for one in created if (number := numbers.get(one.case_id, ""))],
    }


def report_of(run: ImportRun, actor: Actor) -> bytes:
    """Every line with what became of it, as CSV that Excel opens rightly and in which no text can be a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([_("Line"), _("What became of it"), _("Case"), _("Remarks")])
    lines, batch = lines_of(run).iterator(chunk_size=1000), []
    for one in lines:
        batch.append(one)
        if len(batch) == 1000:
            _write_lines(writer, batch, actor)
            batch = []
    _write_lines(writer, batch, actor)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _write_lines(writer: Any, lines: list[ImportLine], actor: Actor) -> None:
    numbers = numbers_of(actor, lines)
    for one in lines:
        row = [str(one.line), str(one.get_result_display()), numbers.get(one.case_id, ""), open_sealed(one, "said")]
        writer.writerow([plain_cell(text) for text in row])
