"""A random walk of the machine against a model of a few lines; it proves that it gets around by the states it reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases.complaints.models import Complaint
from cases.models import Delivery, Event
from jike import ledger
from jike.base.errors import Refused
from jike.ledger.models import Entry
from jike.outbox.models import Job
from jike.verbs import verbs_of
from tests.complaints.test_matrix import ALLOWED, in_charge, inputs_for
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

# The model: (state, verb) -> next state. `has` are facts besides the state.
MOVES = {
    ("received", "accept"): "investigating",
    ("investigating", "propose_decision"): "deciding",
    ("deciding", "return_decision"): "investigating",
    ("deciding", "approve_decision"): "decided",
    ("decided", "notify"): "notified",
    ("notified", "close"): "closed",
    **{(state, "withdraw"): "withdrawn" for state in ("received", "investigating", "deciding", "decided")},
}
VERBS = sorted({*ALLOWED, "letter"} - {"issue_letter"})
FORWARD = ("claim", "classify", "accept", "propose_decision", "approve_decision", "letter", "notify", "close")


class ComplaintWalk(RuleBasedStateMachine):
    cast: ClassVar[Cast]
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = RECEIVED
        self.case = factory.file(now=self.now)
        self.state, self.events, self.claimed, self.classified, self.letter = "received", 1, False, False, False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def possible(self, verb: str) -> bool:
        open_case = self.state not in ("closed", "withdrawn")
        return {
            "claim": open_case and not self.claimed,
            "assign": False,
            "classify": open_case and self.claimed,
            "note": self.claimed,
            "message": open_case and self.claimed,
            "propose_decision": self.claimed and self.classified and self.state == "investigating",
            "notify": self.claimed and self.letter and self.state == "decided",
        }.get(verb, (self.claimed or verb in ("return_decision", "approve_decision")) and (self.state, verb) in MOVES)

    @rule()
    def go_forward(self) -> None:
        """The next step towards the end, so that walks also reach the last states."""
        self.act(next((v for v in FORWARD if self.advances(v)), "note"))

    def advances(self, verb: str) -> bool:
        if verb == "letter":
            return self.state == "decided" and not self.letter
        return self.possible(verb) and not (verb == "classify" and self.classified)

    @rule(verb=st.sampled_from(VERBS))
    def try_anything(self, verb: str) -> None:
        self.act(verb)

    def act(self, verb: str) -> None:
        self.now += timedelta(minutes=1)
        if verb == "letter":
            self.issue_letter()
            return
        chosen = {v.short_name: v for v in verbs_of(Complaint)}[verb]
        given: dict[str, Any] = inputs_for(verb, self.case, self.cast)
        if verb == "assign":
            given = {"to": self.cast.handler.user}
        if verb == "notify":
            given["sent_at"] = self.now
        try:
            self.case = chosen.action(self.case, actor=in_charge(verb, self.cast), now=self.now, **given)
        except Refused:
            assert not self.possible(verb), (self.state, verb)
            return
        if verb == "assign":
            self.claimed = True
        else:
            assert self.possible(verb), (self.state, verb)
        self.events += 1
        self.claimed |= verb == "claim"
        self.classified |= verb == "classify"
        self.state = MOVES.get((self.state, verb), self.state)

    def issue_letter(self) -> None:
        if self.state == "decided" and not self.letter:
            self.case = factory.issued(self.case, self.cast, self.now)
            self.letter, self.events = True, self.events + 1

    @precondition(lambda self: True)
    @invariant()
    def row_is_model_is_history(self) -> None:
        row = Complaint.objects.get(pk=self.case.pk)
        self.reached.add(row.state)
        events = list(Event.objects.filter(case=row).order_by("seq"))
        assert row.state == self.state
        assert row.version == self.events == len(events) == Entry.objects.filter(subject=row.pk).count()
        assert [e.seq for e in events] == list(range(1, self.events + 1))
        assert [e.before_state for e in events[1:]] == [e.after_state for e in events[:-1]]
        assert events[-1].after_state == row.state
        assert (row.state in ("notified", "closed")) == Delivery.objects.filter(pk=row.notice_id).exists()
        assert (row.next_due_at is None) == (row.state in ("notified", "closed", "withdrawn"))
        assert (
            Job.objects.filter(topic="complaints.render_letter", subject=row.pk).exists()
            == row.events.filter(after_state="decided").exists()
        )


@pytest.mark.django_db
def test_walk_agrees_with_the_model_and_gets_everywhere(cast: Cast) -> None:
    ComplaintWalk.cast, ComplaintWalk.reached = cast, set()
    machine = seed(20261122)(ComplaintWalk)
    options = settings(max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))

    run_state_machine_as_test(machine, settings=options)

    assert ComplaintWalk.reached == {
        "received",
        "investigating",
        "deciding",
        "decided",
        "notified",
        "closed",
        "withdrawn",
    }


@pytest.mark.django_db
def test_ledger_of_a_walked_case_verifies(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")

    assert list(ledger.verify([case.pk])) == []
