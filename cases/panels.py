"""What stands beside the timeline of a case, as panels: a kind says what is in them, the case page draws them all alike."""

from __future__ import annotations

from dataclasses import dataclass

from jike.base.errors import Text


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a panel: `state` is its tag in a `tone` (good, warn, bad or none), `notes` stand below it, quieter.

    `act` is the short name of the verb that goes on with it; `choice` the field of that verb's form and what it holds then.
    """

    what: Text
    state: Text = ""
    tone: str = ""
    notes: tuple[Text, ...] = ()
    act: str = ""
    choice: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `left` counts what is still open in it; `bars` says that the next step of the case waits for it.

    `act` is a verb for the panel as a whole, `place` the route of a page of its own under the case, with its name."""

    code: str
    label: Text
    icon: str
    items: tuple[Item, ...]
    left: int = 0
    bars: bool = False
    act: str = ""
    place: tuple[str, Text] | None = None
