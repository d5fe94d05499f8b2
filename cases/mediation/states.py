"""The states of a mediation, its two forms, and the strip on the case page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.kinds import Stage


class State(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("mediation", "Proposed")
    CONSENTED = "consented", pgettext_lazy("mediation", "Consumer agreed to it")
    INVITED = "invited", pgettext_lazy("mediation", "Merchant invited")
    NEGOTIATING = "negotiating", pgettext_lazy("mediation", "Negotiating")
    AGREED = "agreed", pgettext_lazy("mediation", "Agreement reached")
    PERFORMING = "performing", pgettext_lazy("mediation", "Being performed")
    PERFORMED = "performed", pgettext_lazy("mediation", "Performed")
    FAILED = "failed", pgettext_lazy("mediation", "No agreement")
    REFUSED = "refused", pgettext_lazy("mediation", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("mediation", "Withdrawn")
    BREACHED = "breached", pgettext_lazy("mediation", "Agreement broken")


class Form(models.TextChoices):
    """Only a lawful outside body mediates in the sense of the law: the count of the complaint stops and a court may confirm.

    Source: O2020-3 art 23, CPL art 205.
    """

    INTERNAL = "internal", pgettext_lazy("mediation", "Negotiation through us")
    EXTERNAL = "external", pgettext_lazy("mediation", "Mediation by an outside body")


class Side(models.TextChoices):
    CONSUMER = "consumer", pgettext_lazy("mediation", "Consumer")
    MERCHANT = "merchant", pgettext_lazy("mediation", "Merchant")


class Confirmation(models.TextChoices):
    """Where the joint application to a court stands. Source: CPL art 205."""

    NONE = "", pgettext_lazy("confirmation", "Not applied for")
    APPLIED = "applied", pgettext_lazy("confirmation", "Applied for")
    CONFIRMED = "confirmed", pgettext_lazy("confirmation", "Confirmed")
    REJECTED = "rejected", pgettext_lazy("confirmation", "Rejected")


OTHER = {Side.CONSUMER.value: Side.MERCHANT.value, Side.MERCHANT.value: Side.CONSUMER.value}
ON_THE_WAY = (State.PROPOSED, State.CONSENTED, State.INVITED, State.NEGOTIATING)
BOUND = (State.AGREED, State.PERFORMING, State.PERFORMED, State.BREACHED)
FINAL = frozenset({State.PERFORMED.value, State.FAILED.value, State.REFUSED.value, State.WITHDRAWN.value})
# A broken agreement is no end: the case waits for whoever takes it to court.
STAGES = (
    Stage(pgettext_lazy("stage", "Consent"), frozenset({State.PROPOSED.value, State.CONSENTED.value})),
    Stage(pgettext_lazy("stage", "Invite"), frozenset({State.INVITED.value})),
    Stage(pgettext_lazy("stage", "Negotiate"), frozenset({State.NEGOTIATING.value})),
    Stage(pgettext_lazy("stage", "Agree"), frozenset({State.AGREED.value})),
    Stage(pgettext_lazy("stage", "Perform"), FINAL | {State.PERFORMING.value, State.BREACHED.value}),
)
