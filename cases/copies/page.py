"""What the pages of a paper and the drawing tool print."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.copies.forms import KINDS, MeasuresForm
from cases.copies.models import Audience, Covering, Pages, Preview
from cases.copies.paging import made
from cases.copies.previews import preview_of
from cases.copies.queries import REASONS, coverings_of, has_looked, why_not
from cases.copies.rules import VERBS
from cases.evidence.models import Item
from cases.forms import VerbForm, faults_of
from cases.models import Case
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.errors import Refused, Text
from jike.files.covers import Area, area_of
from jike.privacy import open_sealed
from jike.verbs import verbs_of


@dataclass(frozen=True, slots=True)
class Tab:
    """One audience and how far its copy is: `state` is open (nothing said yet), waiting, failed, covered, released or as_is."""

    audience: str
    label: Text
    state: str
    reason: Text
    is_here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An area on a page: ticked where it holds, unticked where it is only suggested. Places are percent of the page."""

    area: Area
    label: Text
    is_on: bool

    @property
    def value(self) -> str:
        return ",".join(map(str, self.area))

    @property
    def place(self) -> list[str]:
        return [f"{100 * measure:.2f}" for measure in self.area[1:5]]


@dataclass(frozen=True, slots=True)
class Sheet:
    number: int
    is_wordless: bool
    lines: list[Line]


def paper_context(case: Case, actor: Actor, item: Item, *, now: datetime, audience: str = "") -> dict[str, Any]:
    """A paper on its pages: whether this person may see them now, how many there are, and the copies for each audience."""
    pages = made(item.attachment)
    preview = preview_of(pages) if pages else None
    words = item.descriptions.order_by("-version").first()
    known = coverings_of([item.pk])
    return {
        "case": case,
        "item": item,
        "paper": item.attachment,
        "title": open_sealed(words, "title") if words else "",
        "pages": pages,
        "preview": preview,
        "is_open": has_looked(item.pk, actor, now=now),
        "numbers": range(1, len(preview.ends)) if preview else [],
        "tabs": [_tab(one, pages, known.get((item.pk, one.value)), audience) for one in Audience],
        "audience": audience,
    }


def _tab(audience: Audience, pages: Pages | None, covering: Covering | None, here: str) -> Tab:
    code = why_not(pages, covering, audience.value)
    states = {"": "as_is", "areas.undecided": "open", "copy.failed": "failed"}
    state = states.get(code, "waiting")
    if not code and covering is not None:
        state = "covered" if covering.areas else "released"
    return Tab(audience.value, audience.label, state, REASONS.get(code, ""), audience.value == here)


def cover_context(
    case: Case,
    actor: Actor,
    item: Item,
    audience: str,
    *,
    now: datetime,
    form: VerbForm | None = None,
    refused: Refused | None = None,
) -> dict[str, Any]:
    """The drawing tool for one audience: what holds, what is suggested, and what was sent, where it came back."""
    context = paper_context(case, actor, item, now=now, audience=audience)
    covering = coverings_of([item.pk]).get((item.pk, audience))
    holds = _sent(form) if form is not None else [area_of(row) for row in covering.areas] if covering else []
    verbs = {verb.short_name: verb for verb in verbs_of(type(case)) if verb.short_name in VERBS}
    why_not_now = {name: verb.why_not(case, actor, now=now) for name, verb in verbs.items()}
    preview: Preview | None = context["preview"]
    sheets = _sheets(preview, holds) if preview else []
    return context | {
        "key": secrets.token_hex(16),
        "covering": covering,
        "decided_by": _name(covering) if covering else "",
        "sheets": sheets,
        "suggested": sum(not line.is_on for sheet in sheets for line in sheet.lines),
        "wordless": len(preview.wordless) if preview else 0,
        "kinds": list(KINDS.items()),
        "form": MeasuresForm(auto_id="new_%s"),
        "may": {name for name, reasons in why_not_now.items() if not reasons},
        "closed": next((reasons for reasons in why_not_now.values() if reasons), []),
        "refused": refused.blockers if refused else faults_of(form),
    }


def _name(covering: Covering) -> str:
    return User.objects.filter(pk=covering.decided_by).values_list("display_name", flat=True).first() or ""


def _sent(form: VerbForm) -> list[Area]:
    return list(getattr(form, "cleaned_data", {}).get("areas") or [])


def _sheets(preview: Preview, holds: Sequence[Area]) -> list[Sheet]:
    suggested = [area for row in preview.found if not _is_covered(area := area_of(row), holds)]
    lines: dict[int, list[Line]] = {}
    for area, is_on in [*((area, True) for area in holds), *((area, False) for area in suggested)]:
        lines.setdefault(area.page, []).append(Line(area, KINDS[area.kind], is_on))
    wordless = set(preview.wordless)
    return [Sheet(number, number in wordless, lines.get(number, [])) for number in range(1, len(preview.ends))]


def _is_covered(area: Area, holds: Sequence[Area]) -> bool:
    """Whether an area that holds lies over all of this one."""
    slack = 0.002
    return any(
        one.page == area.page
        and one.x <= area.x + slack
        and one.y <= area.y + slack
        and one.x + one.width >= area.x + area.width - slack
        and one.y + one.height >= area.y + area.height - slack
        for one in holds
    )
