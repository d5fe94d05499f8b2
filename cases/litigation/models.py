"""The litigation: what a state means on the row. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django_fsm import RETURN_VALUE, transition

from cases.litigation.assessment import PLACES, Candidate, SmallClaims, courts, small_claims
from cases.litigation.house_rules import Wage
from cases.litigation.limitation import Fact, Kind
from cases.litigation.records import (
    Confirmation,
    CourtFee,
    Draft,
    Enclosure,
    Hearing,
    LimitationFact,
    Seal,
    Served,
    Sum,
)
from cases.litigation.states import (
    BINDING,
    LIVE,
    SENT_BACK,
    UPHELD,
    Appellant,
    Dispute,
    Ground,
    Outcome,
    Procedure,
    Rejection,
    State,
)
from cases.models import Case, Party
from cases.police.effect import interruption_of
from cases.police.models import PoliceReport
from jike.privacy import open_sealed
from jike.privacy.fields import EncryptedTextField

__all__ = [
    "Confirmation",
    "CourtFee",
    "Draft",
    "Enclosure",
    "Hearing",
    "LimitationFact",
    "Litigation",
    "Seal",
    "Served",
    "Sum",
]


class Litigation(Case):
    """A claim carried to court out of `origin`. People, facts, papers, evidence and messages are read in `matter`: `origin` itself, or
    the complaint behind it where `origin` is a mediation. `amount_cny` of the case is the claim.

    The figure of the small-claims test (`wage_…`) stays as it was when the claim was assessed. `knew_on` is the day the harm and whoever
    answers for it were known, `last_due_on` the last due day of a debt in instalments, `harmed_on` the day of the harm. `served_on` is
    the day the judgment or ruling reached the consumer, `perform_by` the last day it sets for performance.
    """

    origin = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="litigations")
    matter = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="litigations_about")
    is_mediated_outside = models.BooleanField(default=False)
    assessed_at = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=12, choices=Dispute, blank=True)
    is_money_claim = models.BooleanField(default=True)
    province = models.CharField(max_length=2, blank=True)
    wage_year = models.PositiveSmallIntegerField(null=True)
    wage_province = models.CharField(max_length=2, blank=True)
    wage_cny = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    wage_checked = models.CharField(max_length=12, blank=True)
    plaintiff_place = EncryptedTextField(blank=True)
    defendant_place = models.CharField(max_length=60, blank=True)
    performance_place = models.CharField(max_length=60, blank=True)
    agreed_place = models.CharField(max_length=60, blank=True)
    tort_place = EncryptedTextField(blank=True)
    property_place = EncryptedTextField(blank=True)
    knew_on = models.DateField(null=True)
    last_due_on = models.DateField(null=True)
    harmed_on = models.DateField(null=True)
    court = models.CharField(max_length=80, blank=True)
    court_ground = models.CharField(max_length=12, choices=Ground, blank=True, default="")
    filed_on = models.DateField(null=True)
    docket_number = models.CharField(max_length=60, blank=True)
    docketed_on = models.DateField(null=True)
    procedure = models.CharField(max_length=12, choices=Procedure, blank=True, default="")
    rejection = models.CharField(max_length=12, choices=Rejection, blank=True, default="")
    served_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    awarded_cny = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    perform_by = models.DateField(null=True)
    appealed_on = models.DateField(null=True)
    appealed_by = models.CharField(max_length=10, choices=Appellant, blank=True, default="")
    effective_on = models.DateField(null=True)
    enforced_on = models.DateField(null=True)
    enforcement_court = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.number

    # What is known beside the row, each read once per instance; a locked row is a new one.

    @cached_property
    def known_parties(self) -> list[Party]:
        """The people of the matter: nothing is typed twice."""
        return list(Party.objects.filter(case_id=self.matter_id).order_by("created_at", "id"))

    @cached_property
    def known_facts(self) -> list[LimitationFact]:
        return list(self.limitation_facts.order_by("seq"))

    @cached_property
    def known_reports(self) -> list[tuple[PoliceReport, Fact]]:
        """Police reports of the same matter that interrupt limitation, each with what it does: read where it is kept, never typed again."""
        found = []
        for report in PoliceReport.objects.filter(origin_id=self.matter_id).order_by("accepted_on", "number"):
            days = interruption_of(report)
            if days:
                found.append((report, Fact(Kind.POLICE.value, *days, of=report.number)))
        return found

    @cached_property
    def known_drafts(self) -> dict[str, Draft]:
        """The latest version of each paper."""
        drafts = self.paper_versions.order_by("kind", "-version").distinct("kind").select_related("file")
        return {draft.kind: draft for draft in drafts}

    @cached_property
    def known_enclosures(self) -> list[Enclosure]:
        return list(self.enclosures.order_by("seq"))

    @cached_property
    def known_confirmation(self) -> Confirmation | None:
        return self.confirmations.order_by("-confirmed_at", "-id").first()

    @cached_property
    def known_seal(self) -> Seal | None:
        """The latest version of what was made final."""
        return self.seals.order_by("-version").select_related("bundle").first()

    @cached_property
    def known_hearings(self) -> list[Hearing]:
        return list(self.hearings.order_by("seq"))

    @cached_property
    def known_fees(self) -> list[CourtFee]:
        return list(self.court_fees.order_by("seq"))

    @property
    def open_fee(self) -> CourtFee | None:
        """The fee that is still to be paid; one at a time."""
        return next((row for row in self.known_fees if not row.settled), None)

    @property
    def places(self) -> dict[str, str]:
        sealed = ("plaintiff_place", "tort_place", "property_place")
        return {name: open_sealed(self, name) if name in sealed else getattr(self, name) for name in PLACES}

    @property
    def candidates(self) -> list[Candidate]:
        """The courts that can be chosen, once the claim was assessed."""
        return courts(self.dispute, self.places, is_money_claim=self.is_money_claim) if self.assessed_at else []

    @property
    def small_claims(self) -> SmallClaims | None:
        if self.wage_cny is None or self.amount_cny is None or self.wage_year is None:
            return None
        wage = Wage(self.wage_province, self.wage_year, self.wage_cny, self.wage_checked)
        return small_claims(self.amount_cny, wage, is_money_claim=self.is_money_claim)

    @property
    def limitation_base(self) -> date | None:
        """The day from which the three years run. Source: CC art 188, CC art 189."""
        return self.last_due_on or self.knew_on

    @property
    def is_final_at_once(self) -> bool:
        """No appeal lies: small claims end with the first judgment. Source: CPL art 165, house R53."""
        return self.procedure == Procedure.SMALL

    @transition(field="state", source=State.REQUESTED, target=State.ASSESSING)
    def mark_assessing(self) -> None:
        pass

    @transition(field="state", source=[State.REQUESTED, State.ASSESSING], target=State.DECLINED)
    def mark_declined(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[State.ASSESSING, State.COLLECTING], target=State.COLLECTING)
    def mark_collecting(self, *, court: str, ground: str) -> None:
        """Chosen anew, the papers for the court before are stale: their hash holds its name."""
        self.court, self.court_ground = court, ground

    @transition(field="state", source=State.COLLECTING, target=State.SEALED)
    def mark_sealed(self) -> None:
        pass

    @transition(field="state", source=[State.SEALED, State.COURT_REJECTED], target=State.COLLECTING)
    def mark_reworked(self) -> None:
        """What the court said of an earlier attempt is on the timeline; the row begins anew."""
        self._forget_judgment()
        self.filed_on, self.docket_number, self.docketed_on, self.procedure = None, "", None, ""

    @transition(field="state", source=State.SEALED, target=State.FILED)
    def mark_filed(self, *, on: date) -> None:
        self.filed_on = on

    @transition(field="state", source=State.FILED, target=State.DOCKETED)
    def mark_docketed(self, *, on: date, number: str, procedure: str) -> None:
        self.docketed_on, self.docket_number, self.procedure = on, number, procedure

    @transition(field="state", source=[State.FILED, State.DOCKETED, State.HEARING], target=State.COURT_REJECTED)
    def mark_court_rejected(self, *, rejection: str, served_on: date) -> None:
        self.rejection, self.served_on = rejection, served_on

    @transition(field="state", source=[State.DOCKETED, State.HEARING], target=State.HEARING)
    def mark_heard(self) -> None:
        pass

    @transition(field="state", source=[State.DOCKETED, State.HEARING], target=State.JUDGED)
    def mark_judged(self, *, served_on: date, **said: Any) -> None:
        self.served_on = served_on
        self._say(**said)

    @transition(field="state", source=[State.JUDGED, State.COURT_REJECTED], target=State.APPEALING)
    def mark_appealing(self, *, on: date, by: str) -> None:
        self.appealed_on, self.appealed_by = on, by

    @transition(
        field="state",
        source=State.APPEALING,
        target=RETURN_VALUE(State.EFFECTIVE, State.HEARING, State.FILED, State.COURT_REJECTED),
    )
    def mark_decided_above(self, *, served_on: date, outcome: str, **said: Any) -> str:
        """The court above judged for good; sent it back to be heard, or to be accepted after all; or upheld that it is not heard."""
        if outcome == UPHELD:
            self.served_on = served_on
            return State.COURT_REJECTED
        if outcome == SENT_BACK:
            self._forget_judgment()
            return State.HEARING if self.docket_number else State.FILED
        self.served_on = self.effective_on = served_on
        self._say(outcome=outcome, **said)
        return State.EFFECTIVE

    @transition(field="state", source=State.JUDGED, target=State.EFFECTIVE)
    def mark_effective(self, *, on: date) -> None:
        self.effective_on = on

    @transition(field="state", source=State.EFFECTIVE, target=State.ENFORCING)
    def mark_enforcing(self, *, on: date, court: str) -> None:
        self.enforced_on, self.enforcement_court = on, court

    @transition(field="state", source=[State.COURT_REJECTED, *BINDING], target=State.CLOSED)
    def mark_closed(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(
        field="state", source=[s for s in LIVE if s not in (State.REQUESTED, State.ASSESSING)], target=State.SETTLED
    )
    def mark_settled(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(
        field="state",
        source=[s for s in LIVE if s not in (State.JUDGED, State.APPEALING, *BINDING)],
        target=State.WITHDRAWN,
    )
    def mark_withdrawn(self, *, at: datetime) -> None:
        self.ended_at = at

    def _forget_judgment(self) -> None:
        self.served_on, self.outcome, self.awarded_cny, self.perform_by, self.rejection = None, "", None, None, ""
        self.appealed_on, self.appealed_by = None, ""

    def _say(self, *, outcome: str, awarded_cny: Decimal | None, perform_by: date | None) -> None:
        self.outcome, self.awarded_cny, self.perform_by = outcome, awarded_cny, perform_by
