"""The gate before money leaves: no passed recording, no permission. Every reason is named. Source: house R56, house R58."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date
from jike.base.errors import Blocker, Text
from jike.privacy import Unreadable
from lending.recordings import queries
from lending.recordings.models import Contract, Recording
from lending.recordings.people import flags_of
from lending.recordings.policy import Policy, policy_on
from lending.recordings.states import State, words_of

SOURCE, PEOPLE = "house R56", "house R58"
NAMES: dict[str, Text] = {
    "principal_cents": _("the amount"),
    "term_months": _("the number of months"),
    "annual_percent": _("the yearly rate"),
    "merchant": _("the merchant"),
    "funder": _("the lender"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the rule applies to a contract, why not, which recording counts, and every reason against paying out."""

    contract: Contract
    policy: Policy | None
    exempt: Text
    recording: Recording | None
    blockers: tuple[Blocker, ...]

    @property
    def is_open(self) -> bool:
        return not self.blockers


def standing_of(contract: Contract, asked: dict[str, Any], *, now: datetime) -> Standing:
    """Judge the newest version of a contract against what is about to be paid out (`asked`, as `Contract.values`)."""
    policy = policy_on(cst_date(contract.told_at))
    other = [_differs("contract.differs", name) for name in _odd(contract.values, asked)]
    if why := exempt(contract, policy):
        return Standing(contract, policy, why, None, tuple(other))
    assert policy is not None
    newest = Recording.objects.filter(contract__application=contract.application).select_related("contract", "script")
    recording = newest.order_by("-scheduled_at", "-pk").first()
    found = [*other, *_of_recording(recording, contract), *_of_people(recording, contract, policy, now=now)]
    return Standing(contract, policy, "", recording, tuple(found))


def exempt(contract: Contract, policy: Policy | None) -> Text:
    """Why no recording is asked for; empty where one is."""
    if policy is None:
        return _("The contract is older than the rule.")
    if not policy.needs[contract.signing]:
        return _("No recording is asked for when a contract is signed this way.")
    if contract.terms and contract.terms.code in policy.exempt_terms:
        return format_lazy(_("The terms {code} ask for no recording."), code=contract.terms.code)
    return ""


def _of_recording(recording: Recording | None, contract: Contract) -> Iterator[Blocker]:
    if recording is None:
        yield Blocker("recording.missing", _("There is no recording of this contract."), SOURCE)
        return
    if not recording.has_passed:
        yield from _unpassed(recording)
    if recording.state == State.DESTROYED:
        return
    if recording.contract_id != contract.pk:
        yield Blocker("contract.changed", _("The contract was changed after it was recorded."), SOURCE)
    try:
        read = queries.said(recording)["values"]
    except Unreadable:
        return
    for name in _odd(read, contract.values):
        yield _differs("script.differs", name)


def _unpassed(recording: Recording) -> Iterator[Blocker]:
    if recording.state == State.DESTROYED:
        yield Blocker("recording.destroyed", _("The recording was destroyed."), SOURCE)
    elif recording.judged_at is None:
        message = format_lazy(_("The recording has not passed: {state}."), state=recording.get_state_display())
        yield Blocker(f"recording.{recording.state}", message, SOURCE)
        for code in recording.flags if recording.waits_for_person else ():
            yield Blocker(code, words_of(code), PEOPLE)
    else:
        for code in recording.failures:
            yield Blocker(code, words_of(code), SOURCE)
        verdict = getattr(recording, "verdict", None)
        for code in verdict.faults if verdict else ():
            yield Blocker(code, words_of(code), PEOPLE)


def _of_people(recording: Recording | None, contract: Contract, policy: Policy, *, now: datetime) -> Iterator[Blocker]:
    """Age and student block whatever was read, until a person has answered exactly these points."""
    verdict = getattr(recording, "verdict", None) if recording else None
    cleared = set(verdict.cleared) if verdict and verdict.is_passed else set()
    named = set(recording.flags) if recording and recording.waits_for_person else set()
    for code in flags_of(contract, policy, now=now):
        if code in ("person.young", "person.student") and code not in cleared | named:
            yield Blocker(code, words_of(code), PEOPLE)


def _odd(left: dict[str, Any], right: dict[str, Any]) -> list[str]:
    return [name for name in NAMES if left.get(name) != right.get(name)]


def _differs(code: str, name: str) -> Blocker:
    words = {
        "contract.differs": _("What is to be paid out differs from the contract: {what}."),
        "script.differs": _("What was read aloud differs from the contract: {what}."),
    }
    return Blocker(code, format_lazy(words[code], what=NAMES[name]), SOURCE, name)
