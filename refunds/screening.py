"""Whether a return may go its way by itself, and if not every reason why not. Pure: facts in, verdict out.

Source: house screening, house RET7, house RET_MERCH, house second return, house partly served, house return money.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.clocks.rules import Rule, rule
from jike.base.dates import CST, cst_date
from jike.base.errors import Blocker
from lending.loans.documents import Document
from lending.loans.models import Role
from refunds.policy import ReturnPolicy, policy
from refunds.window import Window

Outcome = Literal["eligible", "disputed", "refused", "held"]
Offer = Literal["goodwill", "conversion", "complaint"]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Promise:
    """What the terms that were signed say about returns."""

    free_return: bool
    first_loan_only: bool
    silence_is_unserved: bool


@dataclass(frozen=True, slots=True)
class Service:
    """Who says how much was served: none, partly, served, or nothing. `asked_at` is when the merchant was asked.

    `record` names the service record with signature and time; the burden of proof is the merchant's.
    """

    consumer_says: str = ""
    merchant_says: str = ""
    record: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a screening judges by. `returned_at` are this person's earlier returns, `flags` the codes of fraud alerts.

    `asked_at` is the first request in any channel, `registered_at` when the house wrote it down; `promise` is None where the terms signed are not known.
    """

    document: Document
    windows: Sequence[Window]
    asked_at: datetime
    promise: Promise | None
    is_first_loan: bool
    service: Service = Service()
    returned_at: Sequence[datetime] = ()
    is_returned: bool = False
    flags: Sequence[str] = ()
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` say why the outcome is not eligible, `review` why two people decide although it is; `offers` what is offered.

    A refusal always offers the complaint.
    """

    outcome: Outcome
    reasons: tuple[Blocker, ...] = ()
    review: tuple[Blocker, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def is_automatic(self) -> bool:
        """Whether money may go back without a person."""
        return self.outcome == "eligible" and not self.review


def screen(facts: Facts, *, now: datetime, house: ReturnPolicy | None = None) -> Verdict:
    """The verdict at `now`, with every reason found. A fraud flag holds whatever else is found: no money to the merchant's side.

    Source: house screening.
    """
    flagged, refused = tuple(_flags(facts)), tuple(_refusals(facts))
    disputed, review = tuple(_doubts(facts, now)), tuple(_exceptions(facts, house or policy()))
    if flagged:
        return Verdict("held", (*flagged, *refused, *disputed), review)
    if refused:
        return Verdict("refused", (*refused, *disputed), review, _offers(facts, refused))
    if disputed:
        return Verdict("disputed", disputed, review)
    return Verdict("eligible", (), review, ("conversion",) if facts.document.state == "settled" else ())


def is_deemed_unserved(facts: Facts, *, now: datetime, clock: Rule | None = None) -> bool:
    """Whether the merchant's silence counts as not served: asked, not answered for 48 hours, and the terms signed say so.

    Source: house RET_MERCH.
    """
    asked_at = facts.service.asked_at
    if asked_at is None or facts.service.merchant_says or not (facts.promise and facts.promise.silence_is_unserved):
        return False
    clock = clock or rule("RET_MERCH", on=cst_date(asked_at))
    return now >= asked_at + timedelta(hours=clock.length)


def _flags(facts: Facts) -> Iterator[Blocker]:
    for flag in facts.flags:
        message = format_lazy(_("The loan carries the fraud flag “{flag}”. Nothing goes to the merchant."), flag=flag)
        yield Blocker("fraud.flagged", message, "house screening")


def _refusals(facts: Facts) -> Iterator[Blocker]:
    if facts.is_returned:
        yield Blocker("return.already", _("This loan was returned already."), "house screening")
    if facts.document.state == "cancelled":
        yield Blocker("loan.cancelled", _("This loan was cancelled."), "house screening")
    if not facts.windows:
        yield Blocker(
            "loan.not_disbursed", _("No money has arrived: the loan is cancelled, not returned."), "house RET7"
        )
    elif not any(window.holds(facts.asked_at) for window in facts.windows):
        last = max(facts.windows, key=lambda window: window.last_moment)
        message = format_lazy(
            _("The request came {seconds} seconds after the last moment, {day} 24:00."),
            seconds=last.seconds_late(facts.asked_at),
            day=cst_date(last.last_moment).isoformat(),
        )
        yield Blocker("return.late", message, "house RET7")
    if facts.promise and not facts.promise.free_return:
        yield Blocker("terms.no_return", _("The terms signed promise no free return."), "house RET7")
    if facts.promise and facts.promise.first_loan_only and not facts.is_first_loan:
        message = _("The terms signed promise the return of a first loan only.")
        yield Blocker("terms.first_loan_only", message, "house second return")
    if facts.service.consumer_says == "served":
        yield Blocker("service.served", _("The consumer says that the service was given."), "house RET7")


def _doubts(facts: Facts, now: datetime) -> Iterator[Blocker]:
    """What goes to mediation: a service given in part, two who contradict one another, a merchant not heard yet."""
    said, core = facts.service, facts.document.service_state
    known = said.merchant_says or (core if core != "unknown" else "")
    if "partly" in (said.consumer_says, known):
        message = _("The service was given in part. A proportion is proposed.")
        yield Blocker("service.partly", message, "house partly served")
    elif known == "served" and said.consumer_says != "served":
        message = (
            _("The merchant says that the service was given, and has a record of it.")
            if said.record
            else _("The merchant says that the service was given, and has shown no record of it.")
        )
        yield Blocker("service.contested", message, "house RET_MERCH")
    elif not known and not is_deemed_unserved(facts, now=now):
        yield Blocker("service.unknown", _("The merchant has not said yet whether it served."), "house RET_MERCH")


def _exceptions(facts: Facts, house: ReturnPolicy) -> Iterator[Blocker]:
    """What a program does not decide alone."""
    if facts.document.principal_cents > house.two_persons_above_cents:
        yield Blocker("amount.large", _("The amount is above the limit for one person."), "house screening")
    if any(_months_later(at, house.again_within_months) > facts.asked_at for at in facts.returned_at):
        message = format_lazy(
            _("This person returned a loan within the last {months} months."), months=house.again_within_months
        )
        yield Blocker("return.again", message, "house second return")
    if any(one.receiver == Role.CONSUMER for one in facts.document.credited):
        message = _("The consumer has money of the loan in hand and pays it back first.")
        yield Blocker("money.in_hand", message, "house return money")
    if facts.promise is None:
        yield Blocker("terms.unknown", _("The terms that were signed are not known."), "house second return")
    late = [window.drawdown for window in facts.windows if not window.holds(facts.asked_at)]
    if late and len(late) < len(facts.windows):
        message = format_lazy(_("Out of time for the drawdowns {ids} only."), ids=", ".join(late))
        yield Blocker("return.partly_late", message, "house return request")
    if _is_timely_by_word(facts):
        message = _("It is in time by the moment of the first word only, which somebody keyed after the last moment.")
        yield Blocker("request.backdated", message, "house return request")
    if any(window.provisional for window in facts.windows):
        message = _("A holiday notice still to come may move the last moment.")
        yield Blocker("window.provisional", message, "house RET7")


def _is_timely_by_word(facts: Facts) -> bool:
    """Whether the request would be late, had it been made when it was registered."""
    registered = facts.registered_at
    if registered is None or not any(window.holds(facts.asked_at) for window in facts.windows):
        return False
    return not any(window.holds(registered) for window in facts.windows)


def _offers(facts: Facts, refused: Sequence[Blocker]) -> tuple[Offer, ...]:
    goodwill = {blocker.code for blocker in refused} == {"return.late"}
    return ("goodwill", "complaint") if goodwill else ("complaint",)


def _months_later(at: datetime, months: int) -> datetime:
    """The same Shanghai day so many months later, as a moment; the last of a shorter month."""
    local = at.astimezone(CST)
    year, month = divmod(local.month - 1 + months, MONTHS)
    for day in (local.day, 30, 29, 28):
        try:
            return local.replace(year=local.year + year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
