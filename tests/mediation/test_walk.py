"""A random walk of mediations against a model of a few lines, with the laws of the ledger of offers; it proves that it gets around."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases.clocks import ledger as clocks
from cases.mediation import actions, handlers
from cases.mediation.models import Mediation
from jike import ledger
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.errors import Refused
from jike.base.ids import uuid7
from jike.outbox.models import Job
from jike.verbs import verb_named
from tests.factories import mediations as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast

STEP = timedelta(hours=7)
STANDS = timedelta(hours=30)
ANSWER = timedelta(hours=72)
SEED = 4
# "on" is whatever leads on from where the walk is: an even draw ends most walks before they got anywhere.
VERBS = (
    *("on",) * 40, "consent", "invite", "take_part", "record_acceptance", "offer", "offer", "accept", "reject", "draft", "sign", "seal",
    "watch", "confirm", "refuse", "refuse", "leave", "leave", "leave", "fail", "fail", "fail", "note", "rest", "rest",
    "write", "longer", "longer", "say_yes", "say_yes", "say_no",
)  # fmt: skip
VERB = {"accept": "answer_offer", "reject": "answer_offer", "draft": "draft_agreement", "confirm": "confirm_term",
    "write": "write", "longer": "propose_longer", "say_yes": "answer_longer", "say_no": "answer_longer",
}  # fmt: skip


class MediationWalk(RuleBasedStateMachine):
    """The model: state, who agreed, the open offer, whether one was accepted, who signed, and which promises are left."""

    cast: ClassVar[Cast]
    reached: ClassVar[set[tuple[str, str]]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.state, self.invited, self.agreed = RECEIVED + timedelta(hours=9), "proposed", None, False
        self.offer: tuple[str, Any] | None = None
        self.longer: set[str] | None = None
        self.offers, self.accepted, self.drafted, self.signed, self.kept = 0, False, False, set(), 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(form=st.sampled_from(["internal", "external"]))
    def opened(self, form: str) -> None:
        self.form = form
        self.case = factory.opened(self.cast, form=form)

    def side(self, verb: str, turn: bool) -> str:
        if verb in ("accept", "reject") and self.offer:
            return "merchant" if self.offer[0] == "consumer" else "consumer"
        return "consumer" if turn else "merchant"

    def may(self, verb: str, side: str) -> bool:
        talking, waits = self.state == "negotiating", self.offer is not None and self.now <= self.offer[1]
        on_the_way = self.state in ("proposed", "consented", "invited", "negotiating")
        return {
            "consent": self.state == "proposed",
            "invite": self.state == "consented",
            "take_part": self.state == "invited" and not self.agreed and self.now <= self.invited + ANSWER,
            "record_acceptance": self.state == "invited" and self.agreed and self.form == "external",
            "offer": talking and not self.accepted and not (waits and self.offer[0] == side),
            "accept": talking and waits,
            "reject": talking and waits,
            "draft": talking and self.accepted,
            "sign": talking and self.drafted and side not in self.signed,
            "seal": talking and self.form == "external" and len(self.signed) == 2,
            "confirm": self.state == "performing",
            "refuse": on_the_way and (side == "consumer" or self.state in ("invited", "negotiating")),
            "leave": on_the_way,
            "fail": self.state in ("invited", "negotiating"),
            "note": True,
            "write": (on_the_way and (side == "consumer" or self.state in ("invited", "negotiating"))) or self.state in ("agreed", "performing"),
            "longer": talking and self.form == "external" and self.longer is None,
            "say_yes": talking and self.longer is not None and side not in self.longer,
            "say_no": talking and self.longer is not None and side not in self.longer,
        }[verb]  # fmt: skip

    def do(self, verb: str, side: str) -> None:
        """What the model makes of an act that happened."""
        if verb == "offer":
            self.offer, self.offers = (side, self.now + STANDS), self.offers + 1
        elif verb in ("accept", "reject"):
            self.offer, self.accepted = None, verb == "accept"
        elif verb == "draft":
            self.drafted, self.signed = True, set()
        elif verb == "sign":
            self.signed |= {side}
        elif verb == "confirm":
            self.kept += 1
        elif verb == "invite":
            self.invited = self.now
        elif verb == "take_part":
            self.agreed = True
        elif verb == "longer":
            self.longer = set()
        elif verb == "say_yes" and self.longer is not None:
            self.longer = None if self.longer else {side}
        elif verb == "say_no":
            self.longer = None
        both = len(self.signed) == 2 and self.form == "internal"
        after = {
            "consent": "consented", "invite": "invited", "record_acceptance": "negotiating", "seal": "agreed",
            "refuse": "refused", "leave": "withdrawn", "fail": "failed",
            "take_part": "negotiating" if self.form == "internal" else "",
            "sign": "agreed" if both else "", "confirm": "performed" if self.kept == len(factory.TERMS) else "",
        }.get(verb)  # fmt: skip
        self.state = after or self.state

    def actor(self, verb: str, side: str) -> Actor:
        if verb == "sign":
            return factory.consumer_of(self.case) if side == "consumer" else factory.merchant_of(self.case)
        return self.cast.handler.actor

    def inputs(self, verb: str, side: str) -> dict[str, Any]:
        agreement = self.case.agreements.order_by("version").last()
        answered = {"offer": self.case.offers.order_by("seq").last(), "side": side} | factory.SAID
        left = self.case.terms.filter(offer__answer="accepted", confirmed_at=None).order_by("seq").first()
        return {
            "invite": factory.TOLD,
            "record_acceptance": {"accepted_on": self.now.date(), "reference": "1号"},
            "offer": {"side": side, "expires_at": self.now + STANDS} | factory.OFFER | factory.SAID,
            "accept": {"answer": "accepted"} | answered,
            "reject": {"answer": "rejected"} | answered,
            "draft": factory.TEXTS,
            "sign": {
                "sha256": bytes(agreement.sha256) if agreement else b"",
                "phone": PHONE if side == "consumer" else factory.MERCHANT_PHONE,
                "challenge": uuid7(),
            },
            "confirm": {"term": left} | factory.SAID,
            "refuse": {"side": side} | factory.SAID,
            "fail": {"reason": "Reason"},
            "note": {"text": "note"},
            "write": {"side": side, "text": "请补充材料。"},
            "longer": {"until": self.period() + timedelta(days=5), "reason": "等待鉴定意见。"},
            "say_yes": {"says_yes": True, "side": side} | factory.SAID,
            "say_no": {"says_yes": False, "side": side} | factory.SAID,
        }.get(verb, factory.SAID)  # fmt: skip

    def period(self) -> date:
        """The last day of the outside body, as far as one is running."""
        clock = clocks.running(Mediation.objects.get(pk=self.case.pk), family="MED30")
        return cst_date(clock.due_at) if clock and clock.due_at else self.now.date()

    def on(self) -> str:
        if self.state == "negotiating":
            if not self.accepted:
                return "accept" if self.offer else "offer"
            return "draft" if not self.drafted else "seal" if len(self.signed) == 2 else "sign"
        way = {"proposed": "consent", "consented": "invite", "agreed": "watch", "performing": "confirm"}
        return way.get(self.state, "record_acceptance" if self.agreed else "take_part")

    @rule(verb=st.sampled_from(VERBS), turn=st.booleans())
    def act(self, verb: str, turn: bool) -> None:
        if verb == "on":
            verb, turn = self.on(), "consumer" not in self.signed if self.signed else turn
        self.now += STEP if verb in ("rest", "offer") else timedelta(minutes=5)
        if verb in ("watch", "rest"):
            return self.watch()
        side = self.side(verb, turn)
        if verb == "sign" and side == "merchant" and self.drafted:
            self.link()
        before = Mediation.objects.values().get(pk=self.case.pk)
        action = verb_named(f"mediation.{VERB.get(verb, verb)}").action
        possible = self.may(verb, side)
        try:
            self.case = action(self.case, actor=self.actor(verb, side), now=self.now, **self.inputs(verb, side))
        except Refused as refusal:
            assert not possible, (verb, side, self.state, refusal)
            assert Mediation.objects.values().get(pk=self.case.pk) == before
            return None
        assert possible, (verb, side, self.state)
        self.do(verb, side)
        self.reached.add((self.form, self.state))
        return None

    def link(self) -> None:
        """A link in force, as a merchant who wants to sign asks for one."""
        if self.state == "negotiating":
            self.case = actions.issue_link(self.case, actor=self.cast.handler.actor, now=self.now)
            self.case = factory.confirmed(self.case, self.cast, self.now)

    def watch(self) -> None:
        handlers.watch(self.now)
        if self.state == "invited" and not self.agreed and self.now > self.invited + ANSWER:
            self.state = "failed"
        elif self.state == "agreed":
            self.state = "performing"
        if self.offer and self.now > self.offer[1]:
            self.offer = None
        self.reached.add((self.form, self.state))
        self.case = Mediation.objects.get(pk=self.case.pk)

    @invariant()
    def row_ledger_and_outbox_agree(self) -> None:
        if not hasattr(self, "case"):
            return
        row = Mediation.objects.get(pk=self.case.pk)
        assert (row.state, row.version) == (self.state, row.events.count())
        assert list(ledger.verify([row.pk])) == []
        sent = Job.objects.filter(subject=row.pk, topic="cases.send_message").count()
        assert sent == row.messages.filter(is_incoming=False, audience="consumer").count()
        agreed = row.longer_periods.filter(outcome="agreed").order_by("until").last()
        clock = clocks.running(row, family="MED30")
        assert clock is None or (clock.code == "MED30_LONGER") == (agreed is not None)
        assert clock is None or agreed is None or cst_date(clock.due_at) == agreed.until
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @invariant()
    def the_ledger_of_offers_keeps_its_laws(self) -> None:
        if not hasattr(self, "case"):
            return
        offers = list(self.case.offers.order_by("seq"))
        assert [offer.seq for offer in offers] == list(range(1, self.offers + 1))
        assert all(offer.answer for offer in offers[:-1])
        countered = [(a, b) for a, b in pairwise(offers) if a.answer == "countered"]
        assert all(a.side != b.side and a.answered_at == b.made_at for a, b in countered)
        assert all(o.answered_at <= o.expires_at for o in offers if o.answer not in ("", "lapsed"))
        assert sum(offer.answer == "accepted" for offer in offers) == int(self.accepted)
        assert not self.accepted or offers[-1].answer == "accepted"


def test_walk_agrees_with_the_model_and_gets_everywhere(cast: Cast) -> None:
    MediationWalk.cast, MediationWalk.reached = cast, set()

    run_state_machine_as_test(
        seed(SEED)(MediationWalk), settings=settings(max_examples=22, stateful_step_count=16, deadline=None)
    )

    everywhere = {
        "consented",
        "invited",
        "negotiating",
        "agreed",
        "performing",
        "performed",
        "failed",
        "refused",
        "withdrawn",
    }
    assert everywhere <= {state for _form, state in MediationWalk.reached}
    assert {form for form, state in MediationWalk.reached if state == "performed"} == {"internal", "external"}
