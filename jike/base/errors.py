"""Refusals: an action says no with every reason at once, and then nothing has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


class _Unasked:
    """The value of an input nobody has been asked for yet: the page asks whether a verb could be done at all."""

    def __repr__(self) -> str:
        return "UNASKED"

    def __bool__(self) -> bool:
        return False


UNASKED: Any = _Unasked()


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why a verb may not be done now.

    `code` is `noun.problem` and stays fixed (API clients match on it); `message` is a translated sentence with the
    remedy; `source` is a key of `docs/sources.md` where a law asks for it; `field` names the input at fault, if any.
    """

    code: str
    message: Text
    source: str = ""
    field: str = ""

    @property
    def is_about_the_actor(self) -> bool:
        return self.code.startswith("actor.")

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "message": str(self.message), "source": self.source, "field": self.field}


class Refused(Exception):
    """A verb was refused. `blockers` holds every reason; the transaction is rolled back and no row has changed."""

    def __init__(self, blockers: Iterable[Blocker], *, verb: str = "") -> None:
        self.blockers = list(blockers)
        self.verb = verb
        super().__init__(", ".join(blocker.code for blocker in self.blockers))

    @property
    def http_status(self) -> int:
        """403 when the reason is who asks, else 409."""
        return 403 if any(blocker.is_about_the_actor for blocker in self.blockers) else 409


def refuse_if(blockers: Iterable[Blocker], *, verb: str = "") -> None:
    """Raise `Refused` with all of `blockers`, or do nothing when there are none."""
    found = list(blockers)
    if found:
        raise Refused(found, verb=verb)
