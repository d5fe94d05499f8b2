"""The complaint that is being written: everything typed so far, valid or not, so that nothing is ever typed twice."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.sessions.backends.base import SessionBase

from cases.complaints.portal import sealing

SLOT = "draft"
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Draft:
    """One complaint on its way. `token` makes sending it twice file it once; `proven` is the phone that answered a code."""

    token: str
    narrative: str = ""
    claim: str = ""
    amount: str = ""
    merchant: str = ""
    name: str = ""
    phone: str = ""
    challenge: str = ""
    proven: str = ""

    @property
    def is_begun(self) -> bool:
        return bool(self.narrative or self.claim or self.name or self.phone)

    def data(self) -> dict[str, str]:
        return dataclasses.asdict(self)

    def with_typed(self, form: forms.Form) -> Draft:
        """The draft with the fields of `form` as they were typed, also when they are not valid yet."""
        return dataclasses.replace(self, **{name: form.data.get(name, "") for name in form.fields})

    def with_(self, **changes: Any) -> Draft:
        return dataclasses.replace(self, **changes)


def draft_of(session: SessionBase) -> Draft:
    """The draft of this visitor, or a new one. A new one is kept only once something was typed."""
    kept: Mapping[str, Any] = sealing.take(session, SLOT)
    known = {field.name for field in dataclasses.fields(Draft)}
    values = {name: value for name, value in kept.items() if name in known}
    return Draft(**values) if values.get("token") else Draft(token=secrets.token_urlsafe(24))


def keep(session: SessionBase, draft: Draft) -> None:
    """Keep the draft for a day, in this browser only."""
    sealing.put(session, SLOT, draft.data())
    session.set_expiry(KEPT_SECONDS)


def drop(session: SessionBase) -> None:
    sealing.drop(session, SLOT)
    session.set_expiry(None)
