"""Keeping the register: registering, describing, ordering, superseding, handing over and locking; and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.evidence.models import Custody, Description, Item, ListLock, Supersession
from cases.evidence.queries import papers_left_out, papers_to_register, register_of
from cases.models import Event
from jike.base.errors import Refused
from jike.privacy import open_sealed
from jike.verbs import verb_named
from tests.evidence.conftest import LATER, WORDS, Register
from tests.factories import complaints as factory
from tests.people import Cast


def codes_of(register: Register, verb: str, **given: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        register.do(verb, **given)
    return [blocker.code for blocker in refused.value.blockers]


def fresh(register: Register) -> Complaint:
    return Complaint.objects.get(pk=register.case.pk)


def commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_all_papers_get_a_number_in_the_order_they_came(empty: Register) -> None:
    case = empty.do("register")
    commit()

    rows = register_of(case, empty.cast.handler.actor)
    assert [(row.label, row.title, row.words.page_from, row.words.page_to) for row in rows] == [
        ("1", "证据0.pdf", 1, 1), ("2", "证据1.pdf", 1, 2), ("3", "证据2.pdf", 1, 3),
    ]  # fmt: skip
    assert [row.sha256 for row in rows] == [bytes(row.paper.file.sha256).hex() for row in rows]
    assert all(len(row.sha256) == len(row.sm3) == 64 and row.sha256 != row.sm3 for row in rows)
    assert {row.source for row in rows} == {"消费者提交"}
    assert rows[0].gaps == ["class", "proves", "summary", "form"]
    told = Event.objects.get(verb="complaints.register_evidence").data
    assert told == {"items": 3, "papers": ",".join(str(row.item.pk) for row in rows), "first": None}


def test_chosen_papers_alone_are_registered_and_never_twice(empty: Register) -> None:
    _first, second, third = papers_to_register(fresh(empty))
    empty.do("register", papers=[third])
    assert [item.pk for item in empty.items()] == [third.pk]

    assert codes_of(empty, "register", papers=[third]) == ["paper.not_offered"]
    empty.do("register", papers=[second])
    empty.do("register")
    assert empty.labels() == ["1", "2", "3"]
    assert codes_of(empty, "register") == ["papers.none_left"]


@pytest.mark.parametrize("verdict", ["refused", "held"])
def test_refused_and_quarantined_papers_are_not_offered(full: Register, verdict: str) -> None:
    bad = full.paper(verdict=verdict)

    assert codes_of(full, "register", papers=[bad]) == ["papers.none_left"]
    assert papers_left_out(fresh(full)) == 1
    good = full.paper(b"%PDF-1.7 good")
    assert codes_of(full, "register", papers=[bad, good]) == ["paper.not_offered"]


def test_a_released_paper_and_no_paper_of_another_case_is_offered(full: Register, cast: Cast) -> None:
    held = full.paper(verdict="held")
    actions.rule_on_paper(
        full.case, actor=cast.handler.actor, now=LATER, paper=held, is_released=True, reason="Looked at."
    )
    foreign = factory.examined(factory.complaint(cast, at="claimed", phone="13900001111"))

    assert codes_of(full, "register", papers=[foreign]) == ["paper.not_offered"]
    full.do("register", papers=[held])
    assert full.labels() == ["1", "2", "3", "4"]


def test_class_is_filled_in_where_content_leaves_no_doubt(empty: Register) -> None:
    from jike.files.kinds import EML, MP3

    empty.paper(b"ID3 call", kind=MP3, name="通话.mp3")
    empty.paper(b"From: a", kind=EML, name="邮件.eml")
    rows = register_of(empty.do("register"), empty.cast.handler.actor)

    assert [row.words.evidence_class for row in rows] == ["", "", "", "audiovisual", "electronic"]
    assert "pages" not in rows[3].gaps and "pages" in rows[4].gaps


def test_describing_keeps_what_was_said_before(full: Register) -> None:
    item = full.item("1")
    full.do("describe", item=item, **WORDS)
    full.do("describe", item=item, **WORDS | {"proves": "服务没有提供"})

    said = list(Description.objects.filter(item=item).order_by("version"))
    assert [open_sealed(row, "proves") for row in said] == ["", "双方约定十二期", "服务没有提供"]
    row = register_of(fresh(full), full.cast.handler.actor)[0]
    assert (row.proves, row.gaps, row.words.version) == ("服务没有提供", [], 3)
    assert [e.data["words"] for e in Event.objects.filter(verb="complaints.describe_evidence").order_by("seq")] == [
        2,
        3,
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, '') FROM cases_event")
        assert "服务" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"title": " "}, "title.missing"),
        ({"title": "长" * 201}, "title.too_long"),
        ({"proves": "长" * 2_001}, "proves.too_long"),
        ({"evidence_class": "hearsay"}, "evidence_class.unknown"),
        ({"form": "photo"}, "form.unknown"),
        ({"page_from": 3, "page_to": 2}, "pages.impossible"),
        ({"page_from": None}, "pages.impossible"),
        ({"page_to": 0}, "pages.impossible"),
        ({"page_from": -1, "page_to": 2}, "pages.impossible"),
    ],
)
def test_words_that_make_no_sense_are_refused(full: Register, words: dict[str, Any], code: str) -> None:
    assert codes_of(full, "describe", item=full.item("1"), **WORDS | words) == [code]
    assert Description.objects.count() == 3


def test_the_whole_list_is_ordered_in_one_act(full: Register) -> None:
    one, two, three = (item.pk for item in full.items())
    full.do("reorder", order=[three, one, two])
    commit()

    assert [item.pk for item in full.items()] == [three, one, two]
    assert full.labels() == ["1", "2", "3"]


def test_an_order_that_is_not_of_the_whole_list_is_refused(full: Register) -> None:
    one, two, three = (item.pk for item in full.items())
    for order in ([one, two], [one, two, two], [one, two, three, three], [one, two, full.case.pk], []):
        assert codes_of(full, "reorder", order=order) == ["order.not_whole"], order
    assert [item.pk for item in full.items()] == [one, two, three]


def test_after_the_lock_late_items_get_letters_and_numbers_stay(full: Register) -> None:
    full.do("lock")
    assert ListLock.objects.get().items == 3
    one, two, three = (item.pk for item in full.items())
    assert codes_of(full, "reorder", order=[three, two, one]) == ["list.locked"]
    assert codes_of(full, "lock") == ["list.locked"]

    for n in range(2):
        full.paper(f"%PDF late {n}".encode())
    full.do("register")
    full.paper(b"%PDF belongs to one")
    assert codes_of(full, "register", after=4) == ["after.unknown"]
    full.do("register", after=1)
    full.paper(b"%PDF later still")
    full.do("register")
    commit()

    assert full.labels() == ["1", "1A", "2", "3", "3A", "3B", "3C"]
    full.do("describe", item=full.item("3A"), **WORDS)


def test_before_the_lock_nothing_is_put_behind_a_number(empty: Register) -> None:
    assert codes_of(empty, "register", after=1) == ["list.open"]


def test_letters_go_on_after_z() -> None:
    assert [Item(number=7, late=late).label for late in (0, 1, 26, 27, 52, 53, 702, 703)] == [
        "7", "7A", "7Z", "7AA", "7AZ", "7BA", "7ZZ", "7AAA",
    ]  # fmt: skip


def test_a_superseded_item_keeps_its_number_and_stays_visible(full: Register) -> None:
    old, new = full.item("1"), full.item("3")
    full.do("supersede", item=old, by=new, reason="更清楚的扫描件")

    first = register_of(fresh(full), full.cast.handler.actor)[0]
    assert (first.label, first.superseded, first.superseded_by, first.reason, first.gaps) == (
        "1",
        True,
        "3",
        "更清楚的扫描件",
        [],
    )
    assert codes_of(full, "supersede", item=old, reason="again") == ["item.superseded"]
    assert codes_of(full, "describe", item=old, **WORDS) == ["item.superseded"]
    assert codes_of(full, "supersede", item=new, by=old, reason="back") == ["item.superseded"]
    assert codes_of(full, "supersede", item=new, by=new, reason="itself") == ["by.same"]
    assert codes_of(full, "supersede", item=new, reason=" ") == ["reason.missing"]
    full.do("supersede", item=new, reason="无关")
    assert Supersession.objects.filter(by=None).count() == 1


def test_handing_over_is_custody_with_whom_and_why(full: Register) -> None:
    item = full.item("2")
    assert codes_of(full, "hand_over", item=item, to=" ", reason="") == ["to.missing", "reason.missing"]
    full.do("hand_over", item=item, to="杭州互联网法院", reason="开庭质证")

    last = Custody.objects.filter(attachment_id=item.pk).order_by("-seq")[0]
    assert (last.seq, last.act, last.actor_label) == (2, "transferred", full.cast.handler.actor.label)
    assert open_sealed(last, "reason") == "杭州互联网法院：开庭质证"


@pytest.mark.parametrize("verb", ["describe", "supersede", "hand_over"])
def test_an_item_of_another_case_is_refused(full: Register, cast: Cast, verb: str) -> None:
    other = factory.complaint(cast, at="claimed", phone="13900001111")
    factory.examined(other)
    actions.register_evidence(other, actor=cast.handler.actor, now=LATER)
    foreign = Item.objects.get(case_id=other.pk)
    words = {"describe": WORDS, "supersede": {"reason": "x"}, "hand_over": {"to": "x", "reason": "x"}}[verb]

    assert codes_of(full, verb, item=foreign, **words) == ["item.elsewhere"]
    if verb == "supersede":
        assert codes_of(full, verb, item=full.item("1"), by=foreign, reason="x") == ["item.elsewhere"]


def test_an_empty_register_says_so(empty: Register) -> None:
    for verb in ("describe", "reorder", "supersede", "hand_over", "lock"):
        found = verb_named(f"complaints.{verb}_evidence").why_not(fresh(empty), empty.cast.handler.actor, now=LATER)
        assert [blocker.code for blocker in found] == ["list.empty"], verb


def test_strangers_colleagues_auditors_and_the_recused_change_and_see_nothing(full: Register, cast: Cast) -> None:
    for who in (cast.stranger, cast.colleague, cast.auditor, cast.executive):
        assert codes_of(full, "lock", actor=who.actor)[0].startswith("actor."), who.user.username
        assert register_of(fresh(full), who.actor) == []
    actions.recuse_oneself(full.case, actor=cast.handler.actor, now=LATER, ground="other", reason="Reason")
    assert codes_of(full, "lock")[0] == "actor.recused"
    assert register_of(fresh(full), cast.handler.actor) == []
    assert register_of(fresh(full), cast.twin.actor) == [], "the same person by another account"
    assert len(register_of(fresh(full), cast.supervisor.actor)) == 3


def test_a_consumer_sees_own_papers_only(empty: Register, cast: Cast) -> None:
    empty.paper(b"%PDF by staff", by=cast.handler.actor)
    empty.do("register")

    assert [row.label for row in register_of(fresh(empty), factory.consumer_of(empty.case))] == ["1", "2", "3"]
    stranger = factory.consumer_of(factory.file(phone="13900001111", name="李四"))
    assert register_of(fresh(empty), stranger) == []
