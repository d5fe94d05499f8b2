"""May the register of evidence be changed, and if not, every reason why not.

Who handles the case keeps its register, or a supervisor of the unit; also after the case has ended, for a court may ask then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.evidence.models import Description, Item, ListLock, Supersession
from cases.evidence.queries import papers_to_register
from cases.models import Case
from cases.rules import handler_or_supervisor, historical, missing, power_of, too_long
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

VERBS = (
    "register_evidence",
    "describe_evidence",
    "reorder_evidence",
    "supersede_evidence",
    "hand_over_evidence",
    "lock_evidence",
)
"""What happens to the register; it stands on a page of its own, not among the gates of the case."""

ART = "EVID2019 art 19"
MOST_TITLE, MOST_WORDS, MOST_REASON = 200, 2_000, 500
MOST_PAGES = 100_000


def _keeper(case: Case, actor: Actor, verb: str) -> list[Blocker]:
    return handler_or_supervisor(case, actor, power_of(case, verb)) + historical(case)


def blockers_to_register(
    case: Case, actor: Actor, *, now: datetime, papers: Any = UNASKED, after: Any = UNASKED
) -> list[Blocker]:
    """Only usable papers of the case that are not in the register yet. `after` is for late ones: the number they follow."""
    found = _keeper(case, actor, "register_evidence")
    if not case.has("papers_to_register"):
        message = _(
            "Every usable paper of the case is in the register. Papers that wait or were refused are not offered."
        )
        return [*found, Blocker("papers.none_left", message, field="papers")]
    if papers:
        offered = {paper.pk for paper in papers_to_register(case)}
        found += [
            Blocker("paper.not_offered", _("This paper is in the register already, is not usable, or is of another case."), field="papers")
            for paper in papers
            if paper.pk not in offered
        ][:1]  # fmt: skip
    if after and not is_locked(case):
        found.append(
            Blocker(
                "list.open", _("The list is not locked: new items come at its end, and can be moved."), field="after"
            )
        )
    elif after and not Item.objects.filter(case_id=case.pk, number=after).exists():
        found.append(Blocker("after.unknown", _("The list has no such number."), field="after"))
    return found


def blockers_to_describe(
    case: Case, actor: Actor, *, now: datetime, item: Any = UNASKED, **words: Any
) -> list[Blocker]:
    """Earlier words stay, so describing is possible as long as the item is relied on. Source: EVID2019 art 19."""
    found = _keeper(case, actor, "describe_evidence") + _empty(case) + _relied_on(case, item)
    found += missing(words.get("title", UNASKED), "title", _("Give the item a title."), ART)
    found += too_long(words.get("title", UNASKED), "title", MOST_TITLE)
    for name in ("source", "proves", "summary"):
        found += too_long(words.get(name, UNASKED), name, MOST_WORDS)
    if (said := words.get("evidence_class", UNASKED)) not in (UNASKED, "", *Description.Class.values):
        found.append(
            Blocker("evidence_class.unknown", format_lazy(_("“{word}” is no class."), word=said), "CPL art 66")
        )
    if (said := words.get("form", UNASKED)) not in (UNASKED, "", *Description.Form.values):
        found.append(Blocker("form.unknown", _("Say whether it is the original or a copy."), ART, "form"))
    return found + _pages(words.get("page_from", UNASKED), words.get("page_to", UNASKED))


def _pages(first: Any, last: Any) -> list[Blocker]:
    if first is UNASKED and last is UNASKED:
        return []
    first, last = first or None, last or None
    if (first is None) == (last is None) and (first is None or 1 <= first <= last <= MOST_PAGES):
        return []
    return [Blocker("pages.impossible", _("Give the first and the last page, in this order."), ART, "page_to")]


def blockers_to_reorder(case: Case, actor: Actor, *, now: datetime, order: Any = UNASKED) -> list[Blocker]:
    """The whole order in one act, so that two people never mix theirs; only while the list has not gone out."""
    found = _keeper(case, actor, "reorder_evidence") + _empty(case) + _locked(case)
    if order is not UNASKED and not found and not _is_whole(case, order):
        message = _("The list has changed meanwhile. Look at it again and put it in order anew.")
        found.append(Blocker("order.not_whole", message, field="order"))
    return found


def _is_whole(case: Case, order: Collection[UUID]) -> bool:
    known = Item.objects.filter(case_id=case.pk).values_list("pk", flat=True)
    return sorted(order) == sorted(known)


def blockers_to_supersede(
    case: Case, actor: Actor, *, now: datetime, item: Any = UNASKED, by: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """An item is never removed: it is superseded, with a reason, perhaps by another that is relied on."""
    found = _keeper(case, actor, "supersede_evidence") + _empty(case) + _relied_on(case, item)
    if by and by == item:
        found.append(Blocker("by.same", _("Choose another item, or none."), field="by"))
    elif by:
        found += _relied_on(case, by, field="by")
    found += missing(reason, "reason", _("Say why."))
    return found + too_long(reason, "reason", MOST_REASON)


def blockers_to_hand_over(
    case: Case, actor: Actor, *, now: datetime, item: Any = UNASKED, to: Any = UNASKED, reason: Any = UNASKED
) -> list[Blocker]:
    """That an original went to somebody is part of its custody: to whom, and why."""
    found = _keeper(case, actor, "hand_over_evidence") + _empty(case)
    if item is not UNASKED and item.case_id != case.pk:
        found.append(_of_another_case("item"))
    found += missing(to, "to", _("Say who received it.")) + too_long(to, "to", MOST_TITLE)
    return found + missing(reason, "reason", _("Say why.")) + too_long(reason, "reason", MOST_REASON)


def blockers_to_lock(case: Case, actor: Actor, *, now: datetime) -> list[Blocker]:
    """Once the list goes to a court or the other side its numbers stay; what comes later is 12A."""
    return _keeper(case, actor, "lock_evidence") + _empty(case) + _locked(case)


def is_locked(case: Case) -> bool:
    return case.has("evidence_locks") and ListLock.objects.filter(pk=case.pk).exists()


def _locked(case: Case) -> list[Blocker]:
    if not is_locked(case):
        return []
    return [Blocker("list.locked", _("The list is locked: its numbers stay. What comes later gets a letter."))]


def _empty(case: Case) -> list[Blocker]:
    if case.has("evidence"):
        return []
    return [Blocker("list.empty", _("Nothing is in the register yet. Register the papers first."))]


def _relied_on(case: Case, item: Any, *, field: str = "item") -> list[Blocker]:
    if item is UNASKED:
        return []
    if item.case_id != case.pk:
        return [_of_another_case(field)]
    if Supersession.objects.filter(pk=item.pk).exists():
        return [Blocker("item.superseded", _("This item was superseded. It stays as it is."), field=field)]
    return []


def _of_another_case(field: str) -> Blocker:
    return Blocker("item.elsewhere", _("This item belongs to another case."), field=field)
