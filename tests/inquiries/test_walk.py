"""A random walk of inquiries against a model of a few lines; it proves that it gets around by what it reached."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.clocks.models import Clock
from cases.inquiries.models import Inquiry
from jike import ledger
from jike.base.errors import Refused
from jike.outbox.models import Job
from jike.verbs import verb_named
from tests.factories import inquiries as factory
from tests.factories.complaints import RECEIVED
from tests.inquiries.test_matrix import inputs_for
from tests.people import Cast

# What leads on is drawn more often: an even draw ends most walks as a complaint before they got anywhere.
VERBS = (
    "answer",
    "answer",
    "route",
    "route",
    "notify",
    "notify",
    "notify",
    "conclude",
    "conclude",
    "convert",
    "note",
    "message",
)


class InquiryWalk(RuleBasedStateMachine):
    """The model: nature, state, and whether the person was told since the last answer or routing."""

    cast: ClassVar[Cast]
    nature: ClassVar[str]
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.state, self.told, self.jobs = RECEIVED, "received", False, 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def filed(self) -> None:
        self.case = factory.file(self.cast, nature=self.nature)
        self.case = factory.ACTIONS["claim"](self.case, actor=self.cast.handler.actor, now=self.now)

    def becomes(self, verb: str) -> str:
        """The state after `verb`, or the empty string where it is refused."""
        if self.state in ("closed", "converted"):
            return self.state if verb == "note" else ""
        clue, first = self.nature == "clue", self.state == "received"
        return {
            "answer": "answered" if first and not clue else "",
            "route": "routed" if self.nature != "question" and self.state != "answered" else "",
            "notify": self.state if not first and not clue and not self.told else "",
            "conclude": "closed" if clue or (self.told and not first) else "",
            "convert": "" if clue else "converted",
        }.get(verb, self.state)

    @rule(verb=st.sampled_from(VERBS))
    def act(self, verb: str) -> None:
        self.now += timedelta(hours=1)
        given = inputs_for(verb, self.cast) | ({"sent_at": self.now} if verb == "notify" else {})
        after = self.becomes(verb)
        action = verb_named(f"inquiries.{verb}").action
        before = Inquiry.objects.values().get(pk=self.case.pk)
        try:
            self.case = action(self.case, actor=self.cast.handler.actor, now=self.now, **given)
        except Refused:
            assert after == "", (verb, self.nature, self.state, self.told)
            assert Inquiry.objects.values().get(pk=self.case.pk) == before
            return
        assert self.case.state == after, (verb, self.nature, self.state, self.told)
        self.told = verb == "notify" or (self.told and verb not in ("answer", "route"))
        self.state = after
        self.reached.add(after)

    @invariant()
    def row_ledger_and_outbox_agree(self) -> None:
        if not hasattr(self, "case"):
            return
        row = Inquiry.objects.get(pk=self.case.pk)
        assert (row.state, row.version) == (self.state, row.events.count())
        assert list(ledger.verify([row.pk])) == [] and not Clock.objects.filter(case=row).exists()
        sent = Job.objects.filter(subject=row.pk, topic="cases.send_message").count()
        assert sent == row.messages.filter(is_incoming=False).count()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(
    ("nature", "everywhere"),
    [
        ("question", {"received", "answered", "converted", "closed"}),
        ("report", {"received", "answered", "routed", "converted", "closed"}),
        ("clue", {"received", "routed", "closed"}),
    ],
)
def test_walk_agrees_with_the_model_and_gets_everywhere(nature: str, everywhere: set[str], cast: Cast) -> None:
    InquiryWalk.cast, InquiryWalk.nature, InquiryWalk.reached = cast, nature, set()

    run_state_machine_as_test(
        seed(20261127)(InquiryWalk), settings=settings(max_examples=16, stateful_step_count=9, deadline=None)
    )

    assert InquiryWalk.reached == everywhere
