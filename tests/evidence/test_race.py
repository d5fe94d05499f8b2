"""Two people at once at one register: the second waits, and judges what the first has left."""

from __future__ import annotations

import pytest

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.evidence import custody
from cases.evidence.models import Custody, Item
from cases.evidence.verification import verify_evidence
from jike.base.dates import now
from tests.complaints.test_race import held
from tests.evidence.conftest import LATER, Register, register_of
from tests.people import Cast


@pytest.fixture
def committed(committed_cast: Cast) -> Register:
    register = register_of(committed_cast)
    register.do("register")
    return register


def order_of(register: Register) -> list:
    return [item.pk for item in register.items()]


def test_two_orders_at_once_end_as_one_of_them_whole(committed: Register) -> None:
    one, two, three = order_of(committed)
    answers: list[object] = []

    with held(answers, lambda: committed.do("reorder", order=[two, three, one]).number):
        committed.do("reorder", order=[three, two, one])

    assert answers == [committed.case.number]
    assert order_of(committed) == [two, three, one] and committed.labels() == ["1", "2", "3"]


def test_of_two_orders_from_one_page_the_second_is_told(committed: Register) -> None:
    one, two, three = order_of(committed)
    version = Complaint.objects.get(pk=committed.case.pk).version
    answers: list[object] = []

    with held(answers, lambda: committed.do("reorder", order=[two, three, one], version=version)):
        committed.do("reorder", order=[three, two, one], version=version)

    assert answers == [["case.changed"]]
    assert order_of(committed) == [three, two, one]


def test_an_order_that_waited_for_a_new_item_is_not_whole_any_more(committed: Register) -> None:
    order = order_of(committed)
    committed.paper()
    answers: list[object] = []

    with held(answers, lambda: committed.do("reorder", order=order[::-1])):
        committed.do("register")

    assert answers == [["order.not_whole"]]
    assert committed.labels() == ["1", "2", "3", "4"]


def test_an_order_that_waited_for_the_lock_is_refused(committed: Register) -> None:
    order = order_of(committed)
    answers: list[object] = []

    with held(answers, lambda: committed.do("reorder", order=order[::-1])):
        committed.do("lock")

    assert answers == [["list.locked"]]
    assert order_of(committed) == order


def test_one_paper_is_registered_once(committed: Register) -> None:
    committed.paper()
    answers: list[object] = []

    with held(answers, lambda: committed.do("register")):
        committed.do("register")

    assert answers == [["papers.none_left"]]
    assert Item.objects.filter(case_id=committed.case.pk).count() == 4


def test_two_who_take_one_original_at_once_both_stand_in_its_custody(committed: Register) -> None:
    paper, cast = committed.items()[0].attachment, committed.cast
    answers: list[object] = []

    def take(actor) -> int:
        return custody.record(paper, custody.Act.COPIED, actor=actor, reason="x", now=LATER).seq

    with held(answers, lambda: take(cast.supervisor.actor)):
        take(cast.handler.actor)

    assert answers == [3]
    rows = Custody.objects.filter(attachment=paper).order_by("seq").values_list("actor_id", flat=True)
    assert list(rows)[1:] == [cast.handler.user.pk, cast.supervisor.user.pk]
    assert list(verify_evidence(now=now())) == []


def test_the_same_key_orders_once(committed: Register) -> None:
    order = order_of(committed)[::-1]
    answers: list[object] = []

    with held(answers, lambda: committed.do("reorder", order=order, key="k").version):
        first = committed.do("reorder", order=order, key="k")

    assert answers == [first.version]
    assert (
        actions.lock_evidence(committed.case, actor=committed.cast.handler.actor, now=LATER).version
        == first.version + 1
    )
