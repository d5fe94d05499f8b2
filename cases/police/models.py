"""Help with a police report: what a state means on the row. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django_fsm import transition

from cases.models import Case, Party
from cases.police import statement
from cases.police.packs import Pack, PackFile, PackRelease, PackTaking
from cases.police.records import Confirmation, Cooperation, Loss, Material, Statement
from cases.police.states import AFTER, AT_POLICE, BEFORE, Capacity, CaseEnd, ReportedBy, State
from jike.base.actors import Actor
from jike.base.errors import Blocker
from jike.privacy.fields import EncryptedTextField

__all__ = [
    "Confirmation",
    "Cooperation",
    "Loss",
    "Material",
    "Pack",
    "PackFile",
    "PackRelease",
    "PackTaking",
    "PoliceReport",
    "Statement",
]


class PoliceReport(Case):
    """Help for the consumer of `origin`, whose people, facts and papers it reads there and never copies; or, without an origin, a report of the
    house itself for its own losses, in which no consumer takes part.

    `wish` says where the consumer asked for it. `organ`, `receipt_no`, `officer` and `accepted_on` are what the police gave when they
    took the report; `told_on` the day of a report for which they gave no receipt yet. `refused_on` is the day the refusal was received,
    `reconsidered_on` that of the decision on its reconsideration: from these the consumer's days run. `case_ended_on` is the day from which it
    was known that the criminal case was withdrawn, not prosecuted or judged for good (`case_end`).
    """

    origin = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="police_reports")
    capacity = models.CharField(max_length=10, choices=Capacity)
    wish = EncryptedTextField()
    reported_by = models.CharField(max_length=10, choices=ReportedBy, blank=True, default="")
    told_on = models.DateField(null=True)
    organ = models.CharField(max_length=120, blank=True)
    receipt_no = models.CharField(max_length=80, blank=True)
    officer = EncryptedTextField(blank=True)
    accepted_on = models.DateField(null=True)
    docket_no = models.CharField(max_length=80, blank=True)
    refusal_no = models.CharField(max_length=80, blank=True)
    refused_on = models.DateField(null=True)
    reconsideration_asked_on = models.DateField(null=True)
    reconsidered_on = models.DateField(null=True)
    rereview_asked_on = models.DateField(null=True)
    case_end = models.CharField(max_length=16, choices=CaseEnd, blank=True, default="")
    case_ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_end_of_a_case",
                condition=Q(case_end="", case_ended_on=None)
                | (~Q(case_end="") & ~Q(docket_no="") & Q(case_ended_on__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def barred(self, actor: Actor) -> list[Blocker]:
        """Also whoever came to be recused from the case this came from after it was opened. Source: O2020-3 art 17."""
        return super().barred(actor) or (self.origin.barred(actor) if actor.is_staff and self.origin else [])

    @property
    def is_own(self) -> bool:
        """Whether the house reports for itself."""
        return self.origin_id is None

    @cached_property
    def known_parties(self) -> list[Party]:
        """The people of the case this came from: nothing is typed twice. Read once per instance."""
        return [] if self.is_own else list(Party.objects.filter(case_id=self.origin_id).order_by("created_at", "id"))

    @cached_property
    def known_materials(self) -> list[Material]:
        """The list of papers, in order. Read once per instance; a locked row is a new one."""
        if not self.has("materials"):
            return []
        return list(self.materials.select_related("paper").order_by("seq"))

    @cached_property
    def known_losses(self) -> list[Loss]:
        """Every row of the table of losses that stands. Read once per instance."""
        if not self.has("losses"):
            return []
        return list(self.losses.filter(struck_at=None).select_related("paper").order_by("occurred_on", "seq"))

    @property
    def loss_cny(self) -> Decimal:
        """The sum of the table, computed each time."""
        return sum((row.amount_cny for row in self.known_losses), Decimal("0.00"))

    @cached_property
    def known_statement(self) -> Statement | None:
        """The latest version of the statement; a confirmation of an earlier one says nothing about it."""
        if not self.has("statements"):
            return None
        return self.versions.order_by("-version").select_related("confirmation").first()

    @property
    def is_statement_current(self) -> bool:
        """Whether there is a statement, drafted for the losses as they are now."""
        return self.known_statement is not None and statement.still_says(self, self.known_statement)

    @property
    def is_statement_confirmed(self) -> bool:
        """Whether the latest version is confirmed and fits the losses: one added or struck since is confirmed by nobody."""
        return hasattr(self.known_statement, "confirmation") and self.is_statement_current

    @cached_property
    def known_requests(self) -> list[Cooperation]:
        """What authorities asked of us in this matter, in order. Read once per instance."""
        return list(self.requests.select_related("pack").order_by("seq"))

    @cached_property
    def known_packs(self) -> list[Pack]:
        """Every pack with what became of it, oldest first. Read once per instance."""
        if not self.has("packs"):
            return []
        return list(self.packs.select_related("made__file", "release").prefetch_related("takings").order_by("seq"))

    @property
    def is_accuser(self) -> bool:
        """Whether the law gives whoever reports the remedies against a refusal. Source: GACX2020 art 179."""
        return self.capacity == Capacity.ACCUSER

    @transition(field="state", source=State.REQUESTED, target=State.PREPARING)
    def mark_preparing(self) -> None:
        pass

    @transition(field="state", source=State.PREPARING, target=State.READY)
    def mark_ready(self) -> None:
        pass

    @transition(field="state", source=State.READY, target=State.PREPARING)
    def mark_prepared_again(self) -> None:
        pass

    @transition(field="state", source=[State.PREPARING, State.READY], target=State.REPORTED)
    def mark_reported(self, *, by: str, organ: str, receipt_no: str, officer: str, on: date) -> None:
        self.reported_by, self.organ, self.receipt_no = by, organ, receipt_no
        self.officer, self.accepted_on = officer, on  # type: ignore[assignment]

    @transition(field="state", source=State.REPORTED, target=State.REVIEWING)
    def mark_reviewing(self) -> None:
        pass

    @transition(
        field="state",
        source=[*AT_POLICE, State.NOT_DOCKETED, State.RECONSIDERING, State.REREVIEWING],
        target=State.DOCKETED,
    )
    def mark_docketed(self, *, number: str) -> None:
        self.docket_no = number

    @transition(field="state", source=list(AT_POLICE), target=State.NOT_DOCKETED)
    def mark_not_docketed(self, *, number: str, on: date) -> None:
        self.refusal_no, self.refused_on = number, on

    @transition(field="state", source=State.NOT_DOCKETED, target=State.RECONSIDERING)
    def mark_reconsidering(self, *, on: date) -> None:
        self.reconsideration_asked_on = on

    @transition(field="state", source=State.RECONSIDERING, target=State.REREVIEWING)
    def mark_rereviewing(self, *, on: date) -> None:
        self.rereview_asked_on = on

    @transition(field="state", source=list(AFTER), target=State.CLOSED)
    def mark_closed(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[State.REQUESTED, State.PREPARING], target=State.DECLINED)
    def mark_declined(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=list(BEFORE), target=State.WITHDRAWN)
    def mark_withdrawn(self, *, at: datetime) -> None:
        self.ended_at = at
