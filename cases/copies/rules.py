"""May it be said what of a paper is covered for whom, and if not, every reason why not. Who keeps the register says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.copies.models import Audience
from cases.copies.paging import made
from cases.models import Case
from cases.rules import handler_or_supervisor, historical, power_of
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker
from jike.files.covers import Area

VERBS = ("redact_evidence", "release_evidence")
"""What is said of copies; it stands on the page of the paper, not among the gates of the case."""
MOST_AREAS = 1_000


def blockers_to_redact(
    case: Case, actor: Actor, *, now: datetime, item: Any = UNASKED, audience: Any = UNASKED, areas: Any = UNASKED
) -> list[Blocker]:
    """Areas lie on pages that are there. What was said before stays as an earlier version."""
    found = _keeper(case, actor, "redact_evidence", item) + _for_whom(audience)
    if areas is UNASKED:
        return found
    if not areas:
        message = _("Mark at least one area, or say that nothing is to be covered for this audience.")
        found.append(Blocker("areas.missing", message, field="areas"))
    if len(areas) > MOST_AREAS:
        found.append(Blocker("areas.too_many", _("There are too many areas. Cover larger ones."), field="areas"))
    if not _are_on_pages(item, areas):
        found.append(Blocker("areas.impossible", _("An area must lie on a page of this paper."), field="areas"))
    return found


def blockers_to_release(
    case: Case, actor: Actor, *, now: datetime, item: Any = UNASKED, audience: Any = UNASKED
) -> list[Blocker]:
    """That nothing is to be covered is a person's finding too, never a silence."""
    return _keeper(case, actor, "release_evidence", item) + _for_whom(audience)


def _keeper(case: Case, actor: Actor, verb: str, item: Any) -> list[Blocker]:
    found = handler_or_supervisor(case, actor, power_of(case, verb)) + historical(case)
    if not case.has("evidence"):
        return [*found, Blocker("list.empty", _("Nothing is in the register yet. Register the papers first."))]
    if item is UNASKED:
        return found
    if item.case_id != case.pk:
        return [*found, Blocker("item.elsewhere", _("This item belongs to another case."), field="item")]
    pages = made(item.attachment)
    if pages is None:
        found.append(Blocker("pages.waiting", _("The pages of this paper are still being made."), field="item"))
    elif pages.file_id is None:
        found.append(Blocker("pages.none", _("This paper has no pages that could be covered."), field="item"))
    return found


def _for_whom(audience: Any) -> list[Blocker]:
    if audience is UNASKED or (audience in Audience.values and audience != Audience.STAFF):
        return []
    return [
        Blocker("audience.unknown", _("Say for whom the copy is: consumer, merchant or authority."), field="audience")
    ]


def _are_on_pages(item: Any, areas: Sequence[Area]) -> bool:
    pages = made(item.attachment) if item is not UNASKED else None
    last = pages.count if pages else 0
    return all(area.is_on_a_page and (not last or 1 <= area.page <= last) for area in areas)
