"""The states of help with a police report, the capacity of whoever reports, and the strip on the case page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from cases.kinds import Stage


class State(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("police report", "Asked for")
    PREPARING = "preparing", pgettext_lazy("police report", "Papers being prepared")
    READY = "ready", pgettext_lazy("police report", "Papers complete")
    REPORTED = "reported", pgettext_lazy("police report", "Reported to the police")
    REVIEWING = "reviewing", pgettext_lazy("police report", "Police review before filing")
    DOCKETED = "docketed", pgettext_lazy("police report", "Filed by the police")
    NOT_DOCKETED = "not_docketed", pgettext_lazy("police report", "Not filed by the police")
    RECONSIDERING = "reconsidering", pgettext_lazy("police report", "Reconsideration asked for")
    REREVIEWING = "rereviewing", pgettext_lazy("police report", "Second review asked for")
    CLOSED = "closed", pgettext_lazy("police report", "Help ended")
    DECLINED = "declined", pgettext_lazy("police report", "Help declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("police report", "Withdrawn")


class Capacity(models.TextChoices):
    """Only the victim who accuses (控告人) is served a refusal and may have it reconsidered. Source: GACX2020 art 178, art 179."""

    ACCUSER = "accuser", pgettext_lazy("capacity", "Accuser: the victim who accuses (控告人)")
    REPORTER = "reporter", pgettext_lazy("capacity", "Reporter of what happened (报案人)")
    INFORMANT = "informant", pgettext_lazy("capacity", "Informant about somebody (举报人)")


class ReportedBy(models.TextChoices):
    """Who went to the police. What the house hands over left it by a second person first."""

    CONSUMER = "consumer", pgettext_lazy("police report", "The consumer")
    HOUSE = "house", pgettext_lazy("police report", "We, for the consumer")


class CaseEnd(models.TextChoices):
    """How a criminal case ends, from which day the limitation of the victim's own claim counts anew. Source: LIM2020."""

    NONE = "", "—"
    WITHDRAWN = "withdrawn", pgettext_lazy("criminal case", "The case was withdrawn (撤销案件)")
    NOT_PROSECUTED = "not_prosecuted", pgettext_lazy("criminal case", "Not prosecuted (不起诉)")
    JUDGED = "judged", pgettext_lazy("criminal case", "Judged, and the judgment is in force")


CONSUMER_WORDS = {
    State.REQUESTED.value: pgettext_lazy("police report for consumers", "Help asked for"),
    State.PREPARING.value: pgettext_lazy("police report for consumers", "Papers being prepared"),
    State.READY.value: pgettext_lazy("police report for consumers", "Ready to report"),
    State.REPORTED.value: pgettext_lazy("police report for consumers", "Reported"),
    State.REVIEWING.value: pgettext_lazy("police report for consumers", "The police look at it"),
    State.DOCKETED.value: pgettext_lazy("police report for consumers", "The police opened a case"),
    State.NOT_DOCKETED.value: pgettext_lazy("police report for consumers", "The police opened no case"),
    State.RECONSIDERING.value: pgettext_lazy("police report for consumers", "Reconsideration asked for"),
    State.REREVIEWING.value: pgettext_lazy("police report for consumers", "Second review asked for"),
    State.CLOSED.value: pgettext_lazy("police report for consumers", "Our help has ended"),
    State.DECLINED.value: pgettext_lazy("police report for consumers", "We do not help with this"),
    State.WITHDRAWN.value: pgettext_lazy("police report for consumers", "Withdrawn"),
}
BEFORE = (State.REQUESTED, State.PREPARING, State.READY)
AT_POLICE = (State.REPORTED, State.REVIEWING)
REFUSED = (State.NOT_DOCKETED, State.RECONSIDERING, State.REREVIEWING)
AFTER = (*AT_POLICE, State.DOCKETED, *REFUSED)
FINAL = frozenset({State.CLOSED.value, State.DECLINED.value, State.WITHDRAWN.value})
STAGES = (
    Stage(pgettext_lazy("stage", "Ask"), frozenset({State.REQUESTED.value})),
    Stage(pgettext_lazy("stage", "Prepare"), frozenset({State.PREPARING.value, State.READY.value})),
    Stage(pgettext_lazy("stage", "Report"), frozenset({State.REPORTED.value, State.REVIEWING.value})),
    Stage(pgettext_lazy("stage", "Answer"), frozenset({State.DOCKETED.value, State.NOT_DOCKETED.value})),
    Stage(pgettext_lazy("stage", "Remedies"), frozenset({State.RECONSIDERING.value, State.REREVIEWING.value})),
    Stage(pgettext_lazy("stage", "End"), FINAL),
)
