"""A second random walk: reviews, merges, taking up again. A random walk of the machine against a model of a few lines; it proves that it gets around by the states it reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.models import Delivery, Event
from jike import ledger
from jike.base.errors import Refused
from jike.ledger.models import Entry
from jike.outbox.models import Job
from jike.verbs import verbs_of
from tests.complaints import test_walk as before
from tests.complaints.test_matrix import ALLOWED, in_charge, inputs_for
from tests.complaints.test_walk import ELSEWHERE
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

# The model: (state, verb) -> next state. `has` are facts besides the state.
MOVES = {
    ("received", "accept"): "investigating",
    ("received", "ask_supplement"): "supplementing",
    ("supplementing", "supplement"): "received",
    ("investigating", "propose_decision"): "deciding",
    ("deciding", "return_decision"): "investigating",
    ("deciding", "approve_decision"): "decided",
    ("decided", "notify"): "notified",
    ("notified", "close"): "closed",
    ("notified", "request_review"): "reviewing",
    ("closed", "request_review"): "reviewing",
    ("reviewing", "decide_review"): "decided",
    ("closed", "reopen"): "investigating",
    ("received", "merge"): "merged",
    ("investigating", "merge"): "merged",
    **{
        (state, "withdraw"): "withdrawn"
        for state in ("received", "supplementing", "investigating", "deciding", "decided")
    },
}
FORWARD = (
    "claim",
    "classify",
    "supplement",
    "accept",
    "propose_decision",
    "approve_decision",
    "letter",
    "notify",
    "confirm_redress",
    "close",
    "decide_review",
)
ASIDE = ("merge", "unmerge", "decide_review", "request_review", "reopen")
ENDED = ("closed", "withdrawn", "merged")
# Recusal takes people away from the case; its own tests walk that.
NOT_WALKED = {
    "decline", "confirm_decline", "tell_decline", "return_request", "extend_30",
    "extend_60", "approve_extension", "settle_extension", "pause", "count_pause", "resume", "agree_deadline", "add_facts", "ask_restart",
    "approve_restart", *ELSEWHERE,
}  # fmt: skip
VERBS = sorted({*ALLOWED, "letter"} - NOT_WALKED)
LASTING = [verb for verb in VERBS if verb != "withdraw"]  # a withdrawn case goes nowhere: only when it is asked for
REACHED = {
    "received", "supplementing", "investigating", "deciding", "decided", "notified", "closed", "withdrawn", "reviewing", "merged",
}  # fmt: skip


class ComplaintWalk(RuleBasedStateMachine):
    cast: ClassVar[Cast]
    reached: ClassVar[set[str]] = set()
    done: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.mine = RECEIVED, set[str]()
        factory.of_branch(self.cast, at="received", now=self.now)  # what the case may be merged into
        self.case = factory.of_branch(self.cast, at="received", now=self.now)
        self.state, self.events, self.claimed, self.classified, self.letter = "received", 1, False, False, False
        self.asked = self.merging = self.reviewed = self.wanted = self.survey = self.promised = False
        self.merged_from = ""

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def possible(self, verb: str) -> bool:
        open_case = self.state not in ENDED
        return {
            "record_attempt": self.claimed and self.letter and self.state == "decided",
            "confirm_redress": self.claimed and self.promised and open_case,
            "close": self.claimed and self.state == "notified" and not self.promised,
            "request_review": self.claimed and not self.reviewed and (self.state, verb) in MOVES,
            "decide_review": self.state == "reviewing",
            "reopen": self.state == "closed",
            "ask_reopen": self.state == "closed" and not self.wanted,
            "answer_survey": self.survey,
            "ask_merge": self.claimed and not self.merging and self.state in ("received", "investigating"),
            "merge": self.merging and self.state in ("received", "investigating"),
            "unmerge": self.state == "merged",
            "claim": open_case and not self.claimed,
            "ask_supplement": self.claimed and self.state == "received" and not self.asked and not self.merging,
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

    @rule(wish=st.sampled_from(("ask_merge", "ask_supplement")))
    def go_aside(self, wish: str) -> None:
        """What leads off the straight way: merging, reviewing, taking up again."""
        self.act(next((v for v in (*ASIDE, wish) if self.possible(v)), "note"))

    def advances(self, verb: str) -> bool:
        if verb == "letter":
            return self.state == "decided" and not self.letter
        return self.possible(verb) and not (verb == "classify" and self.classified)

    @rule(start=st.integers(0, len(VERBS) - 1))
    def go_new(self, start: int) -> None:
        """Something this walk has not done yet, so that walks together do everything there is."""
        around = (*VERBS[start:], *VERBS[:start])
        self.act(
            next(
                (v for v in around if v not in self.mine and v in (*LASTING, VERBS[start]) and self.possible(v)), "note"
            )
        )

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
            given = {"to": factory.branch_cast(self.cast).handler.user}
        if verb in ("notify", "record_attempt"):
            given["sent_at" if verb == "notify" else "at"] = self.now
        try:
            self.case = chosen.action(self.case, actor=in_charge(verb, self.cast, self.case), now=self.now, **given)
        except Refused:
            assert not self.possible(verb), (self.state, verb)
            return
        if verb == "assign":
            self.claimed = True
        else:
            assert self.possible(verb), (self.state, verb)
        self.events += 1
        self.done.add(verb)
        self.mine.add(verb)
        self.claimed |= verb == "claim"
        self.classified |= verb == "classify"
        self.asked |= verb == "ask_supplement"
        self.remember(verb)
        self.state = self.merged_from if verb == "unmerge" else MOVES.get((self.state, verb), self.state)

    def remember(self, verb: str) -> None:
        """The facts beside the state that the verb changes."""
        if verb == "merge":
            self.merged_from = self.state
        self.merging = verb == "ask_merge" or (self.merging and verb not in ("merge", "withdraw", "notify"))
        self.reviewed = verb == "request_review" or (self.reviewed and verb != "reopen")
        self.wanted = verb == "ask_reopen" or (self.wanted and verb != "reopen")
        if verb in ("approve_decision", "decide_review", "reopen"):
            self.letter, self.survey, self.promised = False, False, verb != "reopen"
        if verb in ("notify", "answer_survey"):
            self.survey = verb == "notify"
        if verb == "confirm_redress":
            self.promised = False

    def issue_letter(self) -> None:
        if self.state == "decided" and not self.letter:
            self.case = factory.issued(self.case, self.cast, self.now)
            self.letter, self.events = True, self.events + 1
            self.done.add("letter")

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
        assert (row.state in ("notified", "closed", "reviewing")) == Delivery.objects.filter(pk=row.notice_id).exists()
        assert (row.next_due_at is None) == (row.state in ("notified", *ENDED))
        assert (
            Job.objects.filter(topic="complaints.render_letter", subject=row.pk).exists()
            == row.events.filter(after_state="decided").exists()
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "walks"), [(5, 9), *(pytest.param(n, 60, marks=pytest.mark.storm) for n in (20261122, 20261127))]
)
def test_walk_agrees_with_the_model_and_gets_everywhere(cast: Cast, start: int, walks: int) -> None:
    ComplaintWalk.cast, ComplaintWalk.reached, ComplaintWalk.done = cast, set(), set()
    machine = seed(start)(ComplaintWalk)
    options = settings(
        max_examples=walks, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )

    run_state_machine_as_test(machine, settings=options)

    assert ComplaintWalk.reached == REACHED
    assert set(VERBS) - ComplaintWalk.done <= {"assign"}, "who handles a case is the business of test_assigning"


def test_the_walks_together_reach_every_state_and_do_every_verb_but_those_named() -> None:
    assert set(State.values) == REACHED | before.REACHED
    assert {*VERBS, *before.VERBS} - {"letter"} == set(ALLOWED) - set(ELSEWHERE)


@pytest.mark.django_db
def test_ledger_of_a_walked_case_verifies(cast: Cast) -> None:
    case = factory.complaint(cast, at="closed")

    assert list(ledger.verify([case.pk])) == []
