"""What a search finds, in whose sight, and that a hit is in the words and not only in their tokens."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cases.complaints import actions
from cases.models import Case
from cases.queries import cases_listed_for
from cases.search import finding
from cases.search.finding import search
from cases.search.indexing import index_due
from cases.search.language import QueryError
from cases.search.models import Piece
from cases.search.operators import Asked
from cases.search.text import tokens_of
from jike.base.actors import Actor
from lending.models import Merchant
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast, Staff

NOW = RECEIVED + timedelta(days=1)


def found(text: str, who: Staff | Actor) -> set[str]:
    actor = who.actor if isinstance(who, Staff) else who
    asked = search(text, Asked(actor, NOW))
    ids = list(asked.narrowed(cases_listed_for(actor)).values_list("pk", flat=True))
    return set(Case.objects.filter(pk__in=asked.confirmed(ids)).values_list("number", flat=True))


@pytest.fixture
def gym(cast: Cast) -> Case:
    """A case of `handler` about a gym."""
    case = factory.complaint(
        cast, at="claimed", name="欧阳靖宇", phone="13987655678", claim="退还剩余课时费", narrative="健身房虚假宣传，2026年停业，ＩＰｈｏｎｅ分期", amount_cny=Decimal("4800"),
        merchant=Merchant.objects.order_by("name").first(),
    )  # fmt: skip
    index_due(NOW)
    return case


@pytest.fixture
def other(cast: Cast) -> Case:
    """An unassigned case of the same unit with other words."""
    case = factory.file(
        name="王芳", phone="13900001234", claim="退款", narrative="机构跑路，宣传的内容虚假", channel="phone"
    )
    index_due(NOW)
    return case


@pytest.mark.parametrize(
    "text",
    ["虚", "虚假", "虚假宣", "虚假宣传", "健身房虚假宣传", "欧阳靖宇", "欧阳", "iphone", "IPHONE分期", "13987655678", "+86 13987655678".replace(" ", ""),
     "手机尾号:5678", "手机:13987655678", "虛假宣傳", '"课时费"', "健身房 欧阳", "退款 OR 健身房", "健身房 -樱花", "NOT 跑路", "金额:>3000", "金额:4000..5000",
     "负责人:我", "负责人:handler", "状态:已收到", "渠道:portal", "收到:2026-09..2026-10", "收到:2026-09-28", "类型:投诉", "到期:>7d"],
)  # fmt: skip
def test_finds_one_s_own_case(text: str, gym: Case, cast: Cast) -> None:
    assert found(text, cast.handler) == {gym.number}


@pytest.mark.parametrize(
    "text",
    ["樱花", "樱", "宣传虚假", "虚传", "13987655679", "手机尾号:1234", "金额:<3000", "负责人:无", "到期:逾期", "到期:<3d", "收到:2025", "健身房 樱花", "-健身房"],
)  # fmt: skip
def test_does_not_find_what_is_not_there(text: str, gym: Case, cast: Cast) -> None:
    assert found(text, cast.handler) == set()


def test_tokens_alone_are_no_hit(gym: Case, other: Case, cast: Cast) -> None:
    """`假内容` has only pairs that this case holds, but not in this order; the words are opened and it is dropped."""
    Piece.objects.filter(case=other).update(tokens=sorted(tokens_of("虚假内容")))
    assert found("虚假内容", cast.supervisor) == set()
    assert found("宣传的内容虚假", cast.supervisor) == set()


def test_a_supervisor_searches_the_words_of_the_unit(gym: Case, other: Case, cast: Cast) -> None:
    assert found("虚假", cast.supervisor) == {gym.number, other.number}
    assert found("跑路 渠道:电话", cast.supervisor) == {other.number}
    assert found("-渠道:电话", cast.supervisor) == {gym.number}


@pytest.mark.parametrize(
    "text",
    ["虚", "虚假", "健身房虚假宣传", "欧阳靖宇", "13987655678", "手机尾号:5678", "手机:13987655678", "商户:矿井鸟笼铺"],
)
def test_masked_sight_finds_nothing_by_what_was_said(text: str, gym: Case, cast: Cast) -> None:
    """Neither the auditor, nor the executive, nor a colleague or another unit: not even that such a case exists."""
    for who in (cast.auditor, cast.executive, cast.colleague, cast.stranger):
        assert found(text, who) == set(), who.user.username


def test_leaving_out_a_word_tells_the_masked_nothing(gym: Case, other: Case, cast: Cast) -> None:
    """If `-健身房` hid the case from an auditor, its absence would tell what is written in it."""
    assert found("-健身房", cast.auditor) == found("-樱花", cast.auditor) == {gym.number, other.number}


def test_masked_sight_finds_by_number_merchant_and_state(gym: Case, cast: Cast) -> None:
    for text in (
        gym.number,
        f"编号:{gym.number[:10]}",
        f"商户:{gym.merchant.name[:4]}",
        gym.merchant.name[:4],
        "状态:已收到",
    ):
        assert found(text, cast.auditor) == {gym.number}, text
        assert found(text, cast.stranger) == set(), text


def test_the_merchant_as_the_consumer_named_it(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed", merchant_named="矿井口鸟笼铺", narrative="没有别的")
    index_due(NOW)
    assert found("商户:鸟笼铺", cast.handler) == found("鸟笼", cast.handler) == {case.number}
    assert found("商户:没有别的", cast.handler) == set()


def test_notes_and_answers_are_found_where_they_are(gym: Case, cast: Cast) -> None:
    actions.add_note(gym, actor=cast.handler.actor, now=NOW, text="来电人谈到第七层矿井")
    index_due(NOW)
    asked = search("第七层", Asked(cast.handler.actor, NOW))
    assert list(asked.narrowed(cases_listed_for(cast.handler.actor))) == [Case.objects.get(pk=gym.pk)]
    assert asked.confirmed([gym.pk]) == {gym.pk: "note"}


def test_a_common_word_is_asked_of_each_case(gym: Case, other: Case, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(finding, "RARE", 1)
    assert found("虚假", cast.supervisor) == {gym.number, other.number}
    assert found("虚假 跑路", cast.supervisor) == {other.number}


@pytest.mark.parametrize("text", ["虚假", "虚假 宣传 -樱花", "手机尾号:5678 商户:学"])
def test_number_of_queries_does_not_grow(text: str, cast: Cast, django_assert_max_num_queries) -> None:
    for n in range(5):
        factory.complaint(cast, at="claimed", phone=f"1390000{n:04}", narrative="虚假宣传")
    index_due(NOW)
    with django_assert_max_num_queries(16):
        found(text, cast.handler)


def test_a_word_of_one_token_opens_nothing(gym: Case, cast: Cast, django_assert_num_queries) -> None:
    """Looking for a word takes the merchants, the token and the list; confirming it the rows with the token, and what may be read."""
    asked = search("虚假", Asked(cast.handler.actor, NOW))
    hits = list(asked.narrowed(cases_listed_for(cast.handler.actor)).values_list("pk", flat=True))
    with django_assert_num_queries(2):
        assert asked.confirmed(hits) == {gym.pk: "case"}
    with django_assert_num_queries(1):
        assert asked.confirmed(hits, shops={gym.pk: ""}) == {gym.pk: "case"}


def test_tokens_in_another_order_are_no_hit(cast: Cast) -> None:
    """A word of three is two pairs; both stand in the text, and the word does not."""
    factory.complaint(cast, at="claimed", narrative="付卡的人说先预付再退")
    index_due(NOW)
    assert found("预付卡", cast.handler) == set()
    assert found("付卡", cast.handler) != set()


def test_a_word_nobody_wrote_asks_for_no_list(gym: Case, cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):  # merchants, the token
        assert found("樱花", cast.handler) == set()


@pytest.mark.parametrize(
    "text",
    ["编号:17", "手机:123", "手机尾号:12", "状态:飞行中", "到期:很快", "收到:昨天", "收到:2026-13", "收到:2026-10..2026-09", "金额:很多", "金额:..", "负责人:没有这人",
     "部门:没有", "事项:没有这个", "类型:没有", "等待:戈多", "收到:.."],
)  # fmt: skip
def test_a_value_nobody_can_read_is_named(text: str, cast: Cast) -> None:
    with pytest.raises(QueryError) as told:
        found(text, cast.handler)
    assert told.value.part == text and told.value.message
