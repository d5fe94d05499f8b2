"""The ladder: a matter that was carried on from one case to the next, as every one of them shows it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from cases.kinds import kind_named
from cases.models import Case, Link
from cases.queries import seen_by, sight_of
from jike.base.actors import Actor
from jike.base.errors import Text

LONGEST = 6
"""More steps up or down than any matter takes: a ring of links, which nothing makes, ends the walk here."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One case of the ladder. `depth` counts from the case it all began with; `is_here` is the case one looks at."""

    number: str
    icon: str
    label: Text
    state: str
    state_label: Text
    next_step: Text
    depth: int
    is_here: bool
    is_ended: bool


def carried_on_from(case: Case) -> list[Case]:
    """The cases that were carried on as `case`, nearest first."""
    found: list[Case] = []
    ids, seen = {case.pk}, {case.pk}
    while ids and len(found) < LONGEST:
        rows = _links().filter(other_id__in=ids).select_related("case")
        ids = {row.case_id for row in rows} - seen
        seen |= ids
        found += [row.case for row in rows if row.case_id in ids]
    return found


def read_in(case: Case, actor: Actor) -> Case | None:
    """The case whose words, people and papers are read for `case`: the one it came from, else itself; None where the actor may not."""
    origin = getattr(case, "origin", None)
    if origin is None:
        return case
    row: Case = kind_named(origin.kind).model.objects.get(pk=origin.pk)
    return read_in(row, actor) if sight_of(row, actor) == "full" else None


def ladder_of(case: Case, actor: Actor) -> list[Rung]:
    """Every case of the same matter that `actor` may open, from the first on; empty when the matter was never carried on."""
    if not case.has("carried_on"):
        return []
    above = carried_on_from(case)
    first = above[-1] if above else case
    depths = _depths(first)
    if len(depths) < 2:
        return []
    rows = {row.pk: row for row in seen_by(actor).filter(pk__in=depths).select_related("unit", "assignee")}
    return [_rung(rows[pk], depth, actor, here=case.pk) for pk, depth in depths.items() if pk in rows]


def same_matter(case: Case) -> list[Case]:
    """Every other case that was carried on from the same first one, as rows of their kinds, the first one first."""
    above = carried_on_from(case)
    others = [pk for pk in _depths(above[-1] if above else case) if pk != case.pk]
    rows = Case.objects.only("kind").in_bulk(others)
    return [kind_named(rows[pk].kind).model.objects.get(pk=pk) for pk in others]


def _depths(first: Case) -> dict[UUID, int]:
    """How far below the first case each one stands, in the order in which they came to be."""
    depths, ids = {first.pk: 0}, [first.pk]
    for depth in range(1, LONGEST + 1):
        made = _links().filter(case_id__in=ids).order_by("created_at", "id").values_list("other_id", flat=True)
        ids = [pk for pk in made if pk not in depths]
        depths |= dict.fromkeys(ids, depth)
        if not ids:
            break
    return depths


def _links() -> QuerySet[Link]:
    return Link.objects.filter(kind=Link.Kind.ESCALATED_TO, ended_at=None)


def _rung(row: Case, depth: int, actor: Actor, *, here: UUID) -> Rung:
    kind = kind_named(row.kind)
    case = kind.model.objects.get(pk=row.pk)
    is_consumer = actor.kind == "consumer"
    told = (is_consumer and kind.next_for_consumer) or kind.next_step
    return Rung(
        number=row.number,
        icon=kind.icon,
        label=kind.label_of(case),
        state=row.state,
        state_label=kind.word_for_consumer(row.state) if is_consumer else kind.states.get(row.state, row.state),
        next_step=told(case),
        depth=depth,
        is_here=row.pk == here,
        is_ended=row.ended_at is not None,
    )
