"""The states of a litigation, and the closed lists its rows use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.kinds import Stage


class State(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("litigation", "Asked for")
    ASSESSING = "assessing", pgettext_lazy("litigation", "Being assessed")
    COLLECTING = "collecting", pgettext_lazy("litigation", "Papers being prepared")
    SEALED = "sealed", pgettext_lazy("litigation", "Papers final")
    FILED = "filed", pgettext_lazy("litigation", "Handed in")
    DOCKETED = "docketed", pgettext_lazy("litigation", "Accepted by the court")
    HEARING = "hearing", pgettext_lazy("litigation", "Being heard")
    JUDGED = "judged", pgettext_lazy("litigation", "Judgment given")
    APPEALING = "appealing", pgettext_lazy("litigation", "Under appeal")
    EFFECTIVE = "effective", pgettext_lazy("litigation", "In force")
    ENFORCING = "enforcing", pgettext_lazy("litigation", "Being enforced")
    CLOSED = "closed", pgettext_lazy("litigation", "Closed")
    DECLINED = "declined", pgettext_lazy("litigation", "Not supported")
    SETTLED = "settled", pgettext_lazy("litigation", "Settled")
    COURT_REJECTED = "court_rejected", pgettext_lazy("litigation", "Turned down by the court")
    WITHDRAWN = "withdrawn", pgettext_lazy("litigation", "Withdrawn")


class Dispute(models.TextChoices):
    CONTRACT = "contract", pgettext_lazy("dispute", "Contract")
    TORT = "tort", pgettext_lazy("dispute", "Tort")
    REAL_ESTATE = "real_estate", pgettext_lazy("dispute", "Real estate")


class Procedure(models.TextChoices):
    NONE = "", "—"
    ORDINARY = "ordinary", pgettext_lazy("procedure", "Ordinary")
    SIMPLIFIED = "simplified", pgettext_lazy("procedure", "Simplified")
    SMALL = "small", pgettext_lazy("procedure", "Small claims")


class Ground(models.TextChoices):
    """Why a court may be chosen."""

    NONE = "", "—"
    REAL_ESTATE = "real_estate", pgettext_lazy("court", "Where the real estate lies")
    AGREED = "agreed", pgettext_lazy("court", "Agreed in writing")
    DEFENDANT = "defendant", pgettext_lazy("court", "Where the defendant is")
    PERFORMANCE = "performance", pgettext_lazy("court", "Where the contract is performed")
    RECEIVER = "receiver", pgettext_lazy("court", "Where whoever is to be paid is")
    TORT = "tort", pgettext_lazy("court", "Where the harm was done")


class Outcome(models.TextChoices):
    NONE = "", "—"
    WON = "won", pgettext_lazy("judgment", "Granted")
    PARTLY = "partly", pgettext_lazy("judgment", "Partly granted")
    LOST = "lost", pgettext_lazy("judgment", "Dismissed")


SENT_BACK, UPHELD = "sent_back", "upheld"
"""What a court above may decide beside judging itself."""


class Rejection(models.TextChoices):
    """How a court turns a claim down before judging it. Source: CPL art 126, CPL art 157."""

    NONE = "", "—"
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("ruling", "Not accepted")
    DISMISSED = "dismissed", pgettext_lazy("ruling", "Dismissed without a judgment")


class Appellant(models.TextChoices):
    NONE = "", "—"
    CONSUMER = "consumer", pgettext_lazy("appeal", "The consumer")
    OPPONENT = "opponent", pgettext_lazy("appeal", "The other side")


class PaperKind(models.TextChoices):
    STATEMENT = "statement", pgettext_lazy("paper", "Statement of claim")
    EVIDENCE_LIST = "evidence_list", pgettext_lazy("paper", "List of evidence")
    AUTHORITY = "authority", pgettext_lazy("paper", "Power of attorney")
    CONFIRMATION = "confirmation", pgettext_lazy("paper", "Application for judicial confirmation")


BEFORE_COURT = (State.REQUESTED, State.ASSESSING, State.COLLECTING, State.SEALED)
IN_COURT = (State.FILED, State.DOCKETED, State.HEARING, State.JUDGED, State.APPEALING)
ON_THE_DOCKET = (State.DOCKETED, State.HEARING, State.APPEALING)
BINDING = (State.EFFECTIVE, State.ENFORCING)
# A claim the court turned down is no end: it may be appealed, handed in elsewhere, or given up.
FINAL = frozenset({State.CLOSED.value, State.DECLINED.value, State.SETTLED.value, State.WITHDRAWN.value})
LIVE = tuple(state for state in State if state.value not in FINAL)
STAGES = (
    Stage(pgettext_lazy("stage", "Assess"), frozenset({State.REQUESTED.value, State.ASSESSING.value})),
    Stage(pgettext_lazy("stage", "Prepare"), frozenset({State.COLLECTING.value, State.SEALED.value})),
    Stage(pgettext_lazy("stage", "Hand in"), frozenset({State.FILED.value, State.COURT_REJECTED.value})),
    Stage(pgettext_lazy("stage", "Court"), frozenset({State.DOCKETED.value, State.HEARING.value})),
    Stage(pgettext_lazy("stage", "Judgment"), frozenset({State.JUDGED.value, State.APPEALING.value})),
    Stage(pgettext_lazy("stage", "Enforce"), FINAL | {State.EFFECTIVE.value, State.ENFORCING.value}),
)
