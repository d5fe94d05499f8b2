"""The case row: one per case of any kind, so that one queue, one timeline and one search serve them all."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from cases.kinds import state_label
from cases.models import holdings
from cases.models.decision import Decision, Document
from cases.models.event import Event
from cases.models.party import Party
from jike import ledger
from jike.api import webhooks
from jike.base import rows
from jike.base.actors import Actor
from jike.base.errors import Blocker, Text
from jike.base.ids import uuid7
from jike.base.prepared import Prepared
from jike.outbox import jobs
from jike.privacy.fields import EncryptedTextField
from jike.verbs import Verb

if TYPE_CHECKING:
    from cases.clocks.models import Clock
    from cases.models.approval import Approval
    from cases.models.recusal import Recusal
    from cases.models.task import Task

ANNOUNCE = "cases.announce"
NEVER = Value(datetime(9999, 12, 31, tzinfo=UTC), output_field=models.DateTimeField())


class Case(FSMModelMixin, models.Model):
    """One case. Kinds are multi-table children with their own fields and machine, all acting on this one `state`.

    `number` is what people and URLs see; the primary key never leaves the server. `version` counts events: the database
    refuses a state without the event and ledger entry of the same transaction. `next_due_at` is the nearest running clock, null
    without one; `queue_at` is the same with a far date for null, so that queues page by it.
    """

    key_scope = "id"
    _told: dict[str, str | int | bool | None] = {}
    _brought: tuple[models.Model, ...] = ()
    _loaded: dict[str, Any] = {}
    held: list[bool] | None = None
    _end_of_chain: tuple[int, bytes] | None = None

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Portal")
        PHONE = "phone", _("Telephone")
        VISIT = "visit", _("Visit")
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail")
        REGULATOR = "regulator", _("Transferred by a regulator")
        PLATFORM = "platform", _("Public complaint platform")
        IMPORT = "import", _("Imported file")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, editable=False)
    number = models.CharField(max_length=24, unique=True, editable=False)
    receipt_code = EncryptedTextField(blank=True)
    receipt_index = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    state = FSMField(max_length=20, protected=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    consumer = models.ForeignKey("lending.Person", on_delete=models.PROTECT, null=True, related_name="cases")
    consumer_mask = models.CharField(max_length=40, blank=True)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, null=True, related_name="cases")
    merchant = models.ForeignKey("lending.Merchant", on_delete=models.PROTECT, null=True, related_name="cases")
    salesperson = models.ForeignKey("lending.Salesperson", on_delete=models.PROTECT, null=True, related_name="cases")
    funder = models.ForeignKey("lending.Funder", on_delete=models.PROTECT, null=True, related_name="cases")
    responsible_institution = models.ForeignKey(
        "lending.Funder", on_delete=models.PROTECT, null=True, related_name="answered_cases"
    )
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="cases")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="cases")
    reviewing_unit = models.ForeignKey(
        "accounts.Unit", on_delete=models.PROTECT, null=True, related_name="reviewed_cases"
    )
    business_code = models.CharField(max_length=20, blank=True)
    cause_code = models.CharField(max_length=20, blank=True)
    amount_cny = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    source_channel = models.CharField(max_length=12, choices=Channel, default=Channel.PORTAL)
    flags = ArrayField(models.CharField(max_length=20), default=list)
    is_historical = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    queue_at = models.GeneratedField(
        expression=Coalesce("next_due_at", NEVER), output_field=models.DateTimeField(), db_persist=True
    )
    next_due_code = models.CharField(max_length=20, blank=True)
    last_verb = models.CharField(max_length=40, blank=True)
    last_event_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_version_positive", condition=models.Q(version__gte=1)),
            models.CheckConstraint(
                name="case_registered_after_receipt", condition=models.Q(registered_at__gte=models.F("received_at"))
            ),
        ]
        indexes = [
            models.Index(
                name="case_queue_unit",
                fields=["unit", "queue_at", "id"],
                condition=models.Q(ended_at=None),
                include=["assignee"],
            ),
            models.Index(
                name="case_queue_mine", fields=["assignee", "queue_at", "id"], condition=models.Q(ended_at=None)
            ),
            models.Index(name="case_queue_all", fields=["queue_at", "id"], condition=models.Q(ended_at=None)),
            models.Index(name="case_by_receipt", fields=["unit", "-received_at", "-id"]),
            *(
                models.Index(name=f"case_of_{whom}", fields=[whom, "-received_at", "-id"], condition=known)
                for whom, known in (
                    ("merchant", models.Q(merchant__isnull=False)),
                    ("salesperson", models.Q(salesperson__isnull=False)),
                )
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> Text:
        return state_label(self.kind, self.state)

    @classmethod
    def opened(cls, pk: UUID | None = None, **fields: Any) -> Self:
        """A new row of this kind, not yet saved, whose key is known: rows and encrypted columns may bind to it at once.

        `pk` is given where something was sealed for the case before it was filed.
        """
        pk = pk or uuid7()
        return cls(id=pk, case_ptr_id=pk, **fields)

    def tell(self, **facts: str | int | bool | None) -> None:
        """Put ids and codes of the running verb on its event. Never personal data: the timeline and the ledger keep it."""
        self._told = {**self._told, **facts}

    def bring(self, *new: models.Model) -> None:
        """Write new rows that belong to the case, by one message. While it is only being opened they wait and are written with it."""
        if self._state.adding:
            self._brought = (*self._brought, *new)
        else:
            rows.insert(*new)

    # What jike.verbs asks of a subject

    @classmethod
    def locked(cls, pk: UUID) -> Self:
        """The case and its child row, both locked by one statement: after a wait both are read anew."""
        row = _locking(cls).first(pk)
        if row is None:
            raise cls.DoesNotExist(pk)
        row._loaded = row._columns()
        return row

    @classmethod
    def opened_with(cls, verb: str, key: str) -> Self | None:
        return cls.objects.filter(events__verb=verb, events__idempotency_key=key, events__seq=1).first()

    # What it has beside its own columns

    def has(self, holding: str) -> bool:
        """Whether there may be any such row of the case: False is certain, True is worth a look.

        All holdings are read at once, as the instance first needs one: of a locked row that is after the lock.
        """
        if self.held is None:
            self.held = holdings.read(self)
        return bool(self.held[holdings.place_of(self.kind, holding)])

    def forget(self, known: str, *, holding: str = "") -> None:
        """One of what the instance knows has just changed: it is read anew when it is asked for again."""
        self.__dict__.pop(known, None)
        if self.held is not None and holding:
            self.held[holdings.place_of(self.kind, holding)] = True

    @cached_property
    def open_recusals(self) -> list[Recusal]:
        """Recusals in force and the request that waits. Read once per instance; a locked row is a new one."""
        if not self.has("recusals"):
            return []
        return list(self.recusals.filter(lifted_at=None).select_related("user").order_by("asked_at", "id"))

    @property
    def recused_people(self) -> frozenset[UUID]:
        """The humans who may have nothing to do with this case."""
        return frozenset(row.person for row in self.open_recusals if row.effective_at)

    @cached_property
    def open_tasks(self) -> list[Task]:
        """The tasks of the case that are still to be done, nearest due first. Read once per instance."""
        if "known_tasks" in self.__dict__:
            return [task for task in self.known_tasks if task.ended_at is None]
        if not self.has("tasks"):
            return []
        return list(self.tasks.filter(ended_at=None).order_by("due_at", "id"))

    @cached_property
    def known_tasks(self) -> list[Task]:
        """Every task of the case with its people, open ones first: what the case page shows. Read once per instance."""
        if not self.has("tasks"):
            return []
        tasks = self.tasks.select_related("assignee", "ended_by")
        return list(tasks.order_by(F("ended_at").asc(nulls_first=True), "due_at", "id"))

    @cached_property
    def open_approvals(self) -> list[Approval]:
        """What waits for a second person, oldest first. Read once per instance; `cases.approvals` forgets it when it changes one."""
        if not self.has("open_approvals"):
            return []
        waiting = self.approvals.filter(verdict="").select_related("decision", "maker")
        return list(waiting.order_by("asked_at", "id"))

    @cached_property
    def open_clocks(self) -> list[Clock]:
        """The clocks that run or stand still. Read once per instance; `cases.clocks.ledger` forgets it when it changes one."""
        return list(self.clocks.filter(state__in=("running", "suspended")))

    @cached_property
    def known_events(self) -> list[Event]:
        """The whole timeline, oldest first: what the case page shows. Read once per instance."""
        return _EVENTS.rows(self.pk, known=self)

    @cached_property
    def known_decisions(self) -> list[Decision]:
        """Every version of the decision with the vote on it and its letter, oldest first. Read once per instance; a locked row is a new one."""
        if not self.has("decisions"):
            return []
        return _DECISIONS.rows(self.pk, known=self)

    @property
    def known_letters(self) -> list[Document]:
        """The letters of decisions, oldest first."""
        return [decision.letter for decision in self.known_decisions if hasattr(decision, "letter")]

    @cached_property
    def known_parties(self) -> list[Party]:
        """Everybody who takes part, in the order they came. Read once per instance; a locked row is a new one."""
        return _PARTIES.rows(self.pk, known=self)

    def barred(self, actor: Actor) -> list[Blocker]:
        """A recused person does nothing on the case, whatever the verb and whichever account. Source: O2020-3 art 17."""
        if not actor.is_staff or actor.person not in self.recused_people:
            return []
        return [Blocker("actor.recused", _("You are recused from this case."), "O2020-3 art 17")]

    def has_done(self, verb: str, key: str) -> bool:
        found = holdings.standing(self, verb, key)
        self.held, self._end_of_chain = found.held, found.last
        return found.is_done

    def has_moved_since(self, version: int) -> bool:
        passed = self.events.filter(seq__gt=version).exclude(category="clock")
        passed = passed.exclude(category="document", actor_kind="machine")  # a paper made of what was said already
        return version > self.version or passed.exists()

    def record(self, verb: Verb, *, actor: Actor, now: datetime, key: str) -> None:
        """Save what changed and append the event and its ledger entry; the version counts up by one."""
        before = self._loaded.get("state", "")
        self.version += 1
        if not (verb.category == "document" and actor.kind == "machine"):  # paper made of what was done before
            self.last_verb, self.last_event_at = verb.name, now
        event = Event.of(self, verb, actor=actor, now=now, key=key, before=before)
        new: list[models.Model] = [event]
        if self._state.adding:
            new, self._brought = [*self._brought, self, event], ()
        else:
            self._save_changed()
        entry = ledger.next_entry(
            self.pk,
            verb.name,
            source=Event.LEDGER_SOURCE,
            source_id=event.pk,
            facts=event.facts(),
            now=now,
            last=(0, b"") if event.seq == 1 else self._end_of_chain,
        )
        rows.insert(*new, entry)
        if webhooks.anybody_listens():
            jobs.post(ANNOUNCE, key=f"{ANNOUNCE}:{event.pk}", body={"event": event.pk}, now=now)
        self._loaded, self._told, self.held, self._end_of_chain = self._columns(), {}, None, None
        for known in [name for name in self.__dict__ if name.startswith(("known_", "open_"))]:
            del self.__dict__[known]  # whoever is given the changed row reads it anew

    def _save_changed(self) -> None:
        """The case and its child row by one statement, where Django would take two."""
        changed: dict[str, dict[str, Any]] = {}
        for name in self._changed():
            field: Any = self._meta.get_field(name)
            value = field.get_db_prep_save(field.pre_save(self, False), connection)
            changed.setdefault(field.model._meta.db_table, {})[field.column] = value
        own = changed.pop(Case._meta.db_table)
        begin = "".join(f"WITH own AS ({_update(table, 'case_ptr_id', values)}) " for table, values in changed.items())
        params = [value for values in (*changed.values(), own) for value in (*values.values(), self.pk)]
        with connection.cursor() as cursor:
            cursor.execute(begin + _update(Case._meta.db_table, "id", own), params)

    def _columns(self) -> dict[str, Any]:
        return {
            f.attname: self.__dict__[f.attname]
            for f in self._meta.concrete_fields
            if f.attname in self.__dict__ and not f.generated
        }

    def _changed(self) -> list[str]:
        now = self._columns()
        return [name for name, value in now.items() if name not in self._loaded or self._loaded[name] != value]


_SAMPLE = UUID(int=1)


@cache
def _locking(model: type[Any]) -> Prepared[Any]:
    """A row of a kind with both its tables locked, and with the names that every letter carries."""
    rows = model.objects.select_related("responsible_institution", "unit")
    locked = rows.select_for_update(of=("self",) if model is Case else ("case_ptr", "self"))
    return Prepared(lambda pk: locked.filter(pk=pk), sample=_SAMPLE)


_EVENTS: Prepared[Event] = Prepared(lambda pk: Event.objects.filter(case_id=pk).order_by("seq"), sample=_SAMPLE)
_PARTIES: Prepared[Party] = Prepared(
    lambda pk: Party.objects.filter(case_id=pk).order_by("created_at", "id"), sample=_SAMPLE
)
_DECISIONS: Prepared[Decision] = Prepared(
    lambda pk: (
        Decision.objects.filter(case_id=pk)
        .select_related("approval", "approval__voter", "proposer", "letter")
        .order_by("version")
    ),
    sample=_SAMPLE,
)


def _update(table: str, key: str, values: dict[str, Any]) -> str:
    told = ", ".join(f'"{column}" = %s' for column in values)
    return f"UPDATE {table} SET {told} WHERE {key} = %s"  # noqa: S608 - names of our own tables and columns
