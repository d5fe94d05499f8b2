"""The clocks of cases, as they were started, replaced and stopped, with the arithmetic of their ends."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.clocks.labels import line_label
from cases.clocks.rules import Rule, version_of
from jike.base.ids import uuid7


class Clock(models.Model):
    """One time limit of one case. It never changes its start, rule or end: an extension or a pause replaces it by a new one.

    `due_at` is the last second in time, null only while suspended; then `days_left` days remain. `warnings` are the instants at
    which the rule's percentages are reached, `stage` counts those passed, `warn_at` is the next. `breached_at` is when it was
    seen to be late.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("clock", "running")
        SUSPENDED = "suspended", pgettext_lazy("clock", "suspended")
        STOPPED = "stopped", pgettext_lazy("clock", "stopped")
        REPLACED = "replaced", pgettext_lazy("clock", "replaced")

    class Duty(models.TextChoices):
        OURS = "ours", _("Our duty")
        PARTY = "party", _("A party's right")
        INFO = "info", _("For information")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=20)
    family = models.CharField(max_length=20)
    rule_version = models.CharField(max_length=20)
    duty = models.CharField(max_length=8, choices=Duty)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    days_left = models.PositiveSmallIntegerField(null=True)
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    warnings = ArrayField(models.DateTimeField(), default=list)
    stage = models.PositiveSmallIntegerField(default=0)
    warn_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="clock_one_of_a_family", fields=["case", "family"], condition=Q(state__in=["running", "suspended"])
            ),
            models.CheckConstraint(
                name="clock_due_unless_suspended",
                condition=~Q(state="running") | Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="clock_suspended_has_days_left",
                condition=Q(due_at=None, days_left__isnull=False) | Q(due_at__isnull=False, days_left=None),
            ),
            models.CheckConstraint(name="clock_suspended_has_no_end", condition=~Q(state="suspended") | Q(due_at=None)),
            models.CheckConstraint(
                name="clock_ended_once",
                condition=Q(state__in=["running", "suspended"], stopped_at=None)
                | Q(state__in=["stopped", "replaced"], stopped_at__isnull=False, warn_at=None),
            ),
            models.CheckConstraint(
                name="clock_ends_after_start", condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at"))
            ),
        ]
        indexes = [
            models.Index(
                name="clock_sweep", fields=["due_at"], condition=Q(state="running", duty="ours", breached_at=None)
            ),
            models.Index(name="clock_warn", fields=["warn_at"], condition=Q(warn_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @cached_property
    def known_lines(self) -> list[ClockLine]:
        """The arithmetic, in order."""
        return list(self.lines.order_by("seq"))

    @property
    def rule(self) -> Rule:
        """The version of the rule this clock was started with."""
        return version_of(self.code, self.rule_version)

    @property
    def label(self) -> str:
        return self.rule.label

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.SUSPENDED)


class ClockLine(models.Model):
    """One step of the arithmetic of a clock, dense from 1. The lines with `counts` add up from the start to the last day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="lines", db_index=False)
    seq = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20)
    days = models.IntegerField()
    day = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    counts = models.BooleanField(default=True)
    provisional = models.BooleanField(default=False)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(name="clockline_once", fields=["clock", "seq"]),
            models.CheckConstraint(name="clockline_from_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(name="clockline_beside_moves_nothing", condition=Q(counts=True) | Q(days=0)),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.key}"

    @property
    def label(self) -> str:
        return line_label(self.key, self.values)


class Passing(models.Model):
    """A clock reached a mark and its case has not been told yet. The row goes, in the transaction that writes the event.

    `stage` counts the warnings passed, or is `BREACH`. Written by the sweep from the clock row itself, so no foreign key is
    checked again. It keeps the heartbeat of the clocks apart from the sealing of what it found.
    """

    BREACH = 100

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    stage = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.clock_id} {self.stage}"
