"""What the signature of a document proves, in words for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from jike.base.errors import Text

_OUTCOMES = frozenset({"signed", "unsigned", "locked", "damaged", "heavy"})
_STATES = frozenset({"intact", "changed", "unknown"})
_CHANGES = frozenset({"none", "stamps", "forms", "notes", "other"})
_UNREAD: dict[str, Text] = {
    "unsigned": _("The document carries no signature."),
    "locked": _("The document is locked with a password; its signatures cannot be checked here."),
    "damaged": _("The document is damaged, or made so that its signatures cannot be read."),
    "heavy": _("Checking the signatures took more time or memory than is allowed here."),
    "busy": _("Too many documents are being checked just now. Please try again in a minute."),
}
_WHY: dict[str, Text] = {
    "content": _("The part that was signed has been changed since."),
    "signature": _("The signature itself has been changed, or was made with another key than that of its certificate."),
    "range": _("The signature leaves out parts of the document, which could be exchanged unnoticed."),
    "hybrid": _("The document has two tables of contents that may differ; what was signed is not certain."),
    "damaged": _("The signature is damaged, or of a kind that cannot be checked here."),
}
_HEADLINES: dict[str, Text] = {
    "intact": _("The signed part is intact, but something was added after it was signed."),
    "changed": _("Changed after it was signed. Do not trust this file."),
    "unknown": _("This signature cannot be checked."),
}
_APPENDED: dict[str, Text] = {
    "none": _("Data that nobody signed was appended to the file after the signature."),
    "forms": _("Forms were filled in or further signatures added after this signature."),
    "notes": _("Notes were added to the pages after this signature."),
    "other": _("The document was changed after this signature: content was added or replaced."),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last signature of a document proves; `earlier` are the verdicts on those before it, in the order in which they were made.

    `is_intact`: the bytes it covers are those that were signed. `covers_whole_file`: nothing was appended since but stamps and data for
    checking that a stamp covers. `is_self_issued`: nobody but the signer vouches for the name. `trusted_by`: the root of
    `SIGNING_ROOTS_FILE` that does. `is_ours`: one of our own certificates signed. `claimed_at` is the signer's own word, `stamped_at`
    that of an authority, believed only if `is_stamp_trusted`. `why_not` says everything that is not proven, and why.
    """

    outcome: str
    state: str = "unknown"
    covers_whole_file: bool = False
    signer: str = ""
    issuer: str = ""
    is_self_issued: bool = False
    is_ours: bool = False
    trusted_by: str = ""
    claimed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""
    is_stamp_trusted: bool = False
    is_stamp_alone: bool = False
    covered_bytes: int = 0
    appended_bytes: int = 0
    why_not: tuple[Text, ...] = ()
    earlier: tuple[Verdict, ...] = field(default=())

    @property
    def is_signed(self) -> bool:
        return self.outcome == "signed"

    @property
    def is_intact(self) -> bool:
        return self.state == "intact"

    @property
    def headline(self) -> Text:
        """The one sentence people need."""
        if not self.is_signed:
            return _("No signature of this document could be checked.")
        if self.state == "intact" and self.covers_whole_file:
            return _("Intact: nothing was changed since this was signed.")
        return _HEADLINES[self.state]

    @property
    def level(self) -> str:
        """How the pages colour it: green only where also the name is known to be right, by a root or because it is our own."""
        if not self.is_intact:
            return "error"
        return "success" if self.covers_whole_file and (self.is_ours or self.trusted_by) else "warning"

    @property
    def all(self) -> tuple[Verdict, ...]:
        """The verdict on each signature, as made one after the other."""
        return (*self.earlier, self) if self.is_signed else ()


def unread(outcome: str) -> Verdict:
    return Verdict(outcome, why_not=(_UNREAD[outcome],))


def verdict_from(told: dict[str, Any]) -> Verdict:
    """The verdict from what `judging.judge` told. Raises ValueError, KeyError or TypeError when it is not of that shape."""
    outcome = told["outcome"]
    if outcome not in _OUTCOMES:
        raise ValueError("outcome")
    if outcome != "signed":
        return unread(outcome)
    *earlier, last = told["signatures"]
    return _verdict(last, earlier=tuple(_verdict(one) for one in earlier))


def _verdict(one: dict[str, Any], *, earlier: tuple[Verdict, ...] = ()) -> Verdict:
    state, changes = one["state"], one["changes"]
    if state not in _STATES or changes not in _CHANGES or (one["why"] and one["why"] not in _WHY):
        raise ValueError("state")
    is_self_issued = not one["trusted_by"] and one["is_self_issued"] is True
    return Verdict(
        "signed",
        state=state,
        covers_whole_file=one["covers_whole_file"] is True,
        signer=str(one["signer"]),
        issuer=str(one["issuer"]),
        is_self_issued=is_self_issued,
        is_ours=one["is_ours"] is True,
        trusted_by=str(one["trusted_by"]),
        claimed_at=_moment(one["claimed_at"]),
        stamped_at=_moment(one["stamped_at"]),
        stamped_by=str(one["stamped_by"]),
        is_stamp_trusted=one["is_stamp_trusted"] is True,
        is_stamp_alone=one["is_stamp"] is True,
        covered_bytes=int(one["covered_bytes"]),
        appended_bytes=int(one["appended_bytes"]),
        why_not=tuple(_why_not(one, is_self_issued=is_self_issued)),
        earlier=earlier,
    )


def _why_not(one: dict[str, Any], *, is_self_issued: bool) -> list[Text]:
    found: list[Text] = []
    if one["state"] != "intact":
        found.append(_WHY[one["why"]])
    if one["appended_bytes"] and one["covered_bytes"] and not one["covers_whole_file"]:
        found += [
            _APPENDED["none" if one["changes"] == "stamps" else one["changes"]],
            _not_covered(one["appended_bytes"]),
        ]
    if not one["is_stamp"]:
        found += _about_the_signer(one, is_self_issued=is_self_issued)
    if not one["stamped_at"]:
        found.append(_("The time is only what the signer says; no time-stamping authority confirms it."))
    elif not one["is_stamp_trusted"]:
        found.append(_("There is a time stamp, but by an authority that is not known here."))
    return found


def _not_covered(size: int) -> Text:
    return ngettext_lazy(
        "The last %(size)d byte of the file is not covered by this signature.",
        "The last %(size)d bytes of the file are not covered by this signature.",
        "size",
    ) % {"size": size}


def _about_the_signer(one: dict[str, Any], *, is_self_issued: bool) -> list[Text]:
    found: list[Text] = []
    if is_self_issued:
        found.append(
            _(
                "The certificate is self-issued: it proves that nothing was changed, not who the signer is. Anybody can write any name into such a certificate."
            )
        )
    elif not one["trusted_by"] and one["signer"]:
        found.append(_("Whoever issued the certificate is not known here, so the name of the signer is not proven."))
    if one["is_certificate_ended"]:
        found.append(_("The certificate was not valid at the time of signing."))
    return found


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without zone")
    return at
