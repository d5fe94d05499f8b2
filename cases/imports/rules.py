"""May this be done with an import, and if not, every reason why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.imports.labels import label_of
from cases.imports.models import ImportRun
from cases.imports.queries import POWER
from jike.base.actors import Actor
from jike.base.errors import UNASKED, Blocker

LARGEST_FILE = 60 * 1024 * 1024
NEEDED = {False: ("received_at",), True: ("received_at", "name", "phone", "claim", "narrative")}
State = ImportRun.State


def blockers_to_upload(actor: Actor, *, size: Any = UNASKED) -> list[Blocker]:
    found = _no_power(actor)
    if size is not UNASKED and size > LARGEST_FILE:
        found.append(
            Blocker("file.too_large", _("The file is larger than 60 MB. Divide it, or import it as CSV."), field="file")
        )
    if size is not UNASKED and size == 0:
        found.append(Blocker("file.empty", _("The file is empty."), field="file"))
    return found


def blockers_to_read(run: ImportRun, actor: Actor) -> list[Blocker]:
    return _no_power(actor) + _not_in(run, State.UNREADABLE, State.MAPPING, State.CHECKED)


def blockers_to_match(run: ImportRun, actor: Actor) -> list[Blocker]:
    return _no_power(actor) + _not_in(run, State.MAPPING, State.CHECKED)


def blockers_to_check(run: ImportRun, actor: Actor, *, columns: Mapping[str, str]) -> list[Blocker]:
    """A trial needs what every record needs, each from one column."""
    found = blockers_to_match(run, actor)
    given = Counter(name for name in columns.values() if name)
    found += [
        Blocker(
            "columns.missing",
            format_lazy(_("Choose the column that gives “{field}”."), field=label_of(name)),
            field=name,
        )
        for name in NEEDED[run.is_live]
        if name not in given
    ]
    found += [
        Blocker(
            "columns.twice", format_lazy(_("Two columns give “{field}”. Choose one."), field=label_of(name)), field=name
        )
        for name, count in given.items()
        if count > 1
    ]
    if not run.source:
        found.append(Blocker("source.missing", _("Say where the file comes from."), field="source"))
    return found


def blockers_to_start(run: ImportRun, actor: Actor) -> list[Blocker]:
    found = _no_power(actor)
    if run.state in (State.RUNNING, State.DONE):
        return [*found, Blocker("import.started", _("This import has been started already."))]
    found += _not_in(run, State.CHECKED)
    if not found and not run.checked.get("created"):
        found.append(Blocker("import.nothing_new", _("The trial run found no row that could be taken over.")))
    return found


def blockers_to_stop(run: ImportRun, actor: Actor) -> list[Blocker]:
    return _no_power(actor) + _not_in(run, State.CHECKING, State.RUNNING)


def blockers_to_resume(run: ImportRun, actor: Actor) -> list[Blocker]:
    return _no_power(actor) + _not_in(run, State.STOPPED, State.BROKEN)


def _no_power(actor: Actor) -> list[Blocker]:
    if actor.can(POWER) and actor.unit is not None:
        return []
    return [Blocker("actor.no_power", _("Your role may not import files."))]


def _not_in(run: ImportRun, *states: str) -> list[Blocker]:
    if run.state in states:
        return []
    return [
        Blocker(
            "import.state",
            format_lazy(_("This cannot be done while the import is “{state}”."), state=run.get_state_display()),
        )
    ]
