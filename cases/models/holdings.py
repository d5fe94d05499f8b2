"""What a case has at all, asked in one statement: nothing is then looked for where there is nothing.

Some seventy verbs are judged when a page is drawn, each by rows of its own, and most cases have hardly any of them. A holding
is named once, as a FROM and WHERE beside a row of `cases_case`; `Case.has` answers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import RawSQL

from cases.kinds import kind_named
from jike.privacy import learn_key

if TYPE_CHECKING:
    from cases.models.case import Case

_OF_EVERY_CASE = {
    "recusals": "cases_recusal WHERE case_id = cases_case.id AND lifted_at IS NULL",
    "tasks": "cases_task WHERE case_id = cases_case.id",
    "open_approvals": "cases_approval WHERE case_id = cases_case.id AND verdict = ''",
    "decisions": "cases_decision WHERE case_id = cases_case.id",
    "unposted": (
        "cases_message m JOIN cases_document d ON d.message_id = m.id WHERE m.case_id = cases_case.id AND m.channel = 'letter'"
        " AND NOT EXISTS (SELECT FROM cases_delivery WHERE message_id = m.id)"
    ),
    "carried_on": (
        "cases_link WHERE kind = 'escalated_to' AND ended_at IS NULL AND cases_case.id IN (case_id, other_id)"
    ),
    "notes": "cases_note WHERE case_id = cases_case.id",
    "sources": "cases_source WHERE case_id = cases_case.id",
    "asked_funder": "cases_forwarding WHERE case_id = cases_case.id AND replied_at IS NULL",
    "assignee_leaves": "cases_leave WHERE user_id = cases_case.assignee_id AND cancelled_at IS NULL",
}


def keep(name: str, rows: str) -> None:
    """A holding of cases of every kind, for an app above this one. `rows` stand beside `cases_case`."""
    _OF_EVERY_CASE[name] = rows
    _known.cache_clear()
    column_sql.cache_clear()


def place_of(kind: str, name: str) -> int:
    """Where in an answer `name` stands. Raises KeyError for a holding that cases of this kind do not have."""
    return _known(kind)[name]


@cache
def _known(kind: str) -> dict[str, int]:
    return {name: place for place, name in enumerate(_rows(kind))}


def _rows(kind: str) -> dict[str, str]:
    return _OF_EVERY_CASE | (kind_named(kind).holdings if kind else {})  # a notice knows of a case by its key alone


@cache
def column_sql(kind: str) -> str:
    """One array, in the order of `place_of`, true or null, for a statement that reads `cases_case`.

    EXISTS would say the same, and be planned twice.
    """
    asked = [f"(SELECT true FROM {rows} LIMIT 1)" for rows in _rows(kind).values()]  # noqa: S608 - our own text
    return f"ARRAY[{', '.join(asked)}]"


def column(kind: str) -> RawSQL:
    """The same for a query of the ORM. Never for one that locks: after a wait its row would be new and this would be old."""
    return RawSQL(column_sql(kind), [], output_field=ArrayField(models.BooleanField()))  # noqa: S611 - our own text


def read(case: Case) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column_sql(case.kind)} FROM cases_case WHERE id = %s", [case.pk])  # noqa: S608 - our own text
        row = cursor.fetchone()
    return list(row[0]) if row else [False] * len(_known(case.kind))


_STANDING = """
SELECT EXISTS (SELECT FROM cases_event WHERE case_id = cases_case.id AND verb = %s AND idempotency_key = %s), {held},
       (SELECT mac FROM ledger_entry WHERE subject = cases_case.id AND seq = cases_case.version), k.wrapped, k.master_version
FROM cases_case LEFT JOIN privacy_datakey k ON k.scope = cases_case.id AND k.destroyed_at IS NULL
WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an act on a locked case begins with. `last` is the end of its chain, as `ledger.append` takes it."""

    is_done: bool
    held: list[bool]
    last: tuple[int, bytes] | None


def standing(case: Case, verb: str, key: str) -> Standing:
    """What the locked case has, whether `verb` happened to it with this idempotency key, its data key and the end of its chain:
    by one statement after the lock."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING.format(held=column_sql(case.kind)), [verb, key, case.pk])
        is_done, held, mac, wrapped, version = cursor.fetchone()
    if wrapped:
        learn_key(case.pk, bytes(wrapped), version)
    return Standing(is_done, held, (case.version, bytes(mac)) if mac else None)
