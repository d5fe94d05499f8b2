"""May material be asked of the consumer, and may it be handed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints import materials, supplements
from cases.complaints.materials import Asked
from cases.complaints.models import Complaint
from cases.complaints.rules.limits import PART_LIMIT
from cases.rules import handler_only, request_waits, too_long, wrong_state
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import UNASKED, Blocker
from jike.files.models import StoredFile

ITEMS_LIMIT = 20
ART = "O2020-3 art 13"


def blockers_to_ask_supplement(
    case: Complaint, actor: Actor, *, now: datetime, codes: Any = UNASKED, others: Any = UNASKED
) -> list[Blocker]:
    """All gaps are listed once, and nothing is asked that the house holds. Source: O2020-3 art 13."""
    found = handler_only(case, actor, "complaints.ask_supplement") + wrong_state(case, case.mark_supplement_asked)
    barred = bool(found)
    found += [] if barred else request_waits(case)
    if not barred and not supplements.may_ask_again(case):
        found.append(
            Blocker(
                "supplement.asked_before",
                _(
                    "Material was asked for once already; all gaps are listed at once. Only new facts allow a second list."
                ),
                ART,
            )
        )
    if codes is UNASKED and others is UNASKED:
        return found
    return found + _list_faults(case, materials.asked_of(codes or (), others or ""), codes or (), on=cst_date(now))


def _list_faults(case: Complaint, items: list[Asked], codes: Sequence[str], *, on: Any) -> list[Blocker]:
    found = []
    if not items:
        found.append(Blocker("items.missing", _("Choose at least one thing that is needed."), ART, "codes"))
    if len(items) > ITEMS_LIMIT:
        found.append(Blocker("items.too_many", _("At most 20 things in one list, please."), field="others"))
    if any((known := materials.material_named(code)) is None or not known.holds_on(on) for code in codes):
        found.append(Blocker("items.unknown", _("Choose from the list of materials."), field="codes"))
    held = materials.held_of(case)
    for item in items:
        meant = materials.meant_by(item)
        field = "codes" if item.code else "others"
        if meant and meant.code in held:
            found.append(
                Blocker(
                    "items.already_held",
                    format_lazy(
                        _("“{what}” is not asked for: we have it {place}."), what=meant.label, place=held[meant.code]
                    ),
                    ART,
                    field,
                )
            )
        if not item.why:
            found.append(
                Blocker(
                    "items.no_reason", format_lazy(_("Say what “{what}” is needed for."), what=item.what), ART, field
                )
            )
        found += too_long(item.what + item.why, field, 500)
    return found


def blockers_to_supplement(
    case: Complaint, actor: Actor, *, now: datetime, answers: Any = UNASKED, is_all: Any = UNASKED
) -> list[Blocker]:
    """An answer is words, files, or "I do not have it"; nobody answers an item twice."""
    found = handler_only(case, actor, "complaints.supplement") + wrong_state(case, case.mark_supplemented)
    if answers is UNASKED and is_all is UNASKED:
        return found
    given = list(answers or ())
    if not given and not is_all:
        found.append(Blocker("answers.missing", _("Nothing was answered yet."), field="answers"))
    request = supplements.open_request_of(case)
    waiting = supplements.open_items_of(request) if request else set()
    if len({a.item for a in given}) < len(given) or any(a.item not in waiting for a in given):
        found.append(
            Blocker("answers.unknown", _("This is not on the list, or it was answered already."), field="answers")
        )
    for answer in given:
        if answer.has_none == bool(answer.text.strip() or answer.files):
            found.append(
                Blocker(
                    "answers.unclear",
                    _("Write something, add a file, or say that you do not have it."),
                    field="answers",
                )
            )
        found += too_long(answer.text, "answers", PART_LIMIT)
    return found + foreign_files(case, [file for answer in given for file in answer.files], "answers")


def foreign_files(case: Complaint, files: Iterable[Any], field: str) -> list[Blocker]:
    """Files are those stored under this case, and no others."""
    wanted = set(files)
    if len(wanted) == StoredFile.objects.filter(scope=case.pk, pk__in=wanted).count():
        return []
    return [Blocker("files.unknown", _("This file does not belong to the case. Add it again."), field=field)]
