"""The states of a return, of its legs, and the strip on the case page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.kinds import Stage


class State(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("return", "Requested")
    SCREENING = "screening", pgettext_lazy("return", "Being checked")
    ELIGIBLE = "eligible", pgettext_lazy("return", "Entitled")
    DISPUTED = "disputed", pgettext_lazy("return", "Disputed")
    REFUSED = "refused", pgettext_lazy("return", "Not entitled")
    HELD = "held", pgettext_lazy("return", "Held for a fraud check")
    GOODWILL = "goodwill", pgettext_lazy("return", "Granted as goodwill")
    REVERSING = "reversing", pgettext_lazy("return", "Money on its way back")
    STUCK = "stuck", pgettext_lazy("return", "Waits for a person")
    CORRECTING = "correcting", pgettext_lazy("return", "Credit record being corrected")
    COMPLETED = "completed", pgettext_lazy("return", "Completed")


class Basis(models.TextChoices):
    """What goes back: everything, the costs of a loan settled early, or the part that was not served. Source: house return money."""

    NONE = "", pgettext_lazy("return", "Not decided")
    FULL = "full", pgettext_lazy("return", "Everything")
    CONVERSION = "conversion", pgettext_lazy("return", "The costs of a loan settled early")
    PARTLY = "partly", pgettext_lazy("return", "The part not served")


class Served(models.TextChoices):
    """What somebody says about the service."""

    UNSAID = "", pgettext_lazy("service said", "Nothing")
    NONE = "none", pgettext_lazy("service said", "Not given")
    PARTLY = "partly", pgettext_lazy("service said", "Given in part")
    SERVED = "served", pgettext_lazy("service said", "Given")


class LegState(models.TextChoices):
    """`waiting` is not ordered yet, or settled by hand; `unknown` was sent and not answered; `void` turned out not to be needed."""

    WAITING = "waiting", pgettext_lazy("leg", "Waiting")
    REQUESTED = "requested", pgettext_lazy("leg", "Ordered")
    SENT = "sent", pgettext_lazy("leg", "Sent")
    UNKNOWN = "unknown", pgettext_lazy("leg", "No answer, being asked after")
    CONFIRMED = "confirmed", pgettext_lazy("leg", "Confirmed")
    FAILED = "failed", pgettext_lazy("leg", "Failed")
    VOID = "void", pgettext_lazy("leg", "Not needed")


class LegKind(models.TextChoices):
    """The first four move no money between parties of the loan: they say what the core system does about it."""

    SUPPRESS = "suppress", pgettext_lazy("leg", "Collection, debits and negative reporting stopped")
    RELEASE = "release", pgettext_lazy("leg", "Stop lifted")
    LOAN_END = "loan_end", pgettext_lazy("leg", "Loan ended, principal back to the funder")
    CREDIT = "credit", pgettext_lazy("leg", "Credit record corrected")
    CLAWBACK = "merchant_clawback", pgettext_lazy("leg", "Price back from the merchant")
    FUNDER = "funder_principal", pgettext_lazy("leg", "Principal back to the funder")
    PRINCIPAL = "consumer_principal", pgettext_lazy("leg", "Principal the consumer has in hand")
    REPAYMENT = "consumer_repayment", pgettext_lazy("leg", "Repaid principal back to the consumer")
    COST = "consumer_cost", pgettext_lazy("leg", "Interest and fees back to the consumer")
    INSURANCE = "consumer_insurance", pgettext_lazy("leg", "Insurance premium back to the consumer")
    DOWN_PAYMENT = "consumer_down_payment", pgettext_lazy("leg", "Down payment back to the consumer")
    COMMISSION = "commission", pgettext_lazy("leg", "Commission back")
    SUBSIDY = "subsidy", pgettext_lazy("leg", "Subsidy back")
    REBATE = "rebate", pgettext_lazy("leg", "Rebate back")
    COUPON = "coupon", pgettext_lazy("leg", "Coupon restored")
    LIMIT = "limit", pgettext_lazy("leg", "Credit limit restored")
    PARTY_FEE = "party_fee", pgettext_lazy("leg", "Fee between other parties back")


NO_MONEY = (LegKind.SUPPRESS, LegKind.RELEASE, LegKind.CREDIT)
DONE = (LegState.CONFIRMED, LegState.VOID)
UNDER_WAY = (LegState.REQUESTED, LegState.SENT, LegState.UNKNOWN)
MOVING = (State.REVERSING, State.STUCK, State.CORRECTING)
DECIDABLE = (State.ELIGIBLE, State.DISPUTED, State.HELD, State.REFUSED)
# A refusal leaves the queue and is no last word: goodwill leads on from it, and a complaint does.
FINAL = frozenset({State.COMPLETED.value})
STAGES = (
    Stage(pgettext_lazy("stage", "Ask"), frozenset({State.REQUESTED.value})),
    Stage(
        pgettext_lazy("stage", "Check"),
        frozenset(
            {State.SCREENING.value, State.DISPUTED.value, State.HELD.value, State.ELIGIBLE.value, State.REFUSED.value}
        ),
    ),
    Stage(
        pgettext_lazy("stage", "Pay back"), frozenset({State.GOODWILL.value, State.REVERSING.value, State.STUCK.value})
    ),
    Stage(pgettext_lazy("stage", "Correct"), frozenset({State.CORRECTING.value})),
    Stage(pgettext_lazy("stage", "Done"), frozenset({State.COMPLETED.value})),
)
