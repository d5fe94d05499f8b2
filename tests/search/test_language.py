"""The search box reads what people type, and says which part it cannot read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.search.language import All, Any, Field, Not, QueryError, Word, parse


def nodes(text: str) -> tuple:
    return parse(text).node.nodes


def test_words_fields_and_phrases() -> None:
    assert nodes('退款 "自动 扣款" 状态:调查中') == (
        Word("退款"),
        Word("自动 扣款"),
        Field("state", "调查中", "状态:调查中"),
    )
    assert nodes("商户：“学而 优”") == (Field("merchant", "学而 优", "商户：“学而 优”"),)
    assert nodes("owner:me 手机尾号:5678") == (Field("owner", "me", "owner:me"), Field("tail", "5678", "手机尾号:5678"))


def test_not_or_and_parentheses() -> None:
    assert nodes("-渠道:黑猫 NOT 退费") == (Not(Field("channel", "黑猫", "渠道:黑猫")), Not(Word("退费")))
    assert nodes("甲 退款 OR 退费 或 还款") == (Word("甲"), Any((Word("退款"), Word("退费"), Word("还款"))))
    assert nodes("(退款 丙) OR -（甲 或 乙）") == (
        Any((All((Word("退款"), Word("丙"))), Not(Any((Word("甲"), Word("乙")))))),
    )


def test_what_only_looks_like_a_field_is_a_word() -> None:
    assert nodes("12:30 https://a.example/b") == (Word("12:30"), Word("https://a.example/b"))


def test_parts_can_be_taken_out_one_by_one() -> None:
    query = parse('退款 OR 退费 -渠道:黑猫  "自动 扣款"')
    assert query.parts == ("退款 OR 退费", "-渠道:黑猫", '"自动 扣款"')
    assert query.without(1) == '退款 OR 退费 "自动 扣款"'


def test_nothing_asks_for_everything() -> None:
    assert parse(" \u3000 ").node == All(())


@pytest.mark.parametrize(
    ("text", "part", "says"),
    [
        ('退款 "自动', '"自动', "引号"),
        ("(退款", "(退款", "括号"),
        ("退款)", ")", "括号"),
        ("()", "()", "括号"),
        ("OR 退款", "OR", "两边"),
        ("退款 OR", "OR", "两边"),
        ("退款 -", "-", ""),
        ("NOT", "NOT", "排除"),
        ("颜色:红", "颜色:", "编号:"),
        ("状态:", "状态:", "冒号"),
        ("甲 " * 21, "…", "20"),
        ("甲" * 301, "甲" * 20 + "…", "300"),
    ],
)
def test_a_bad_query_names_the_bad_part_and_the_remedy(text: str, part: str, says: str) -> None:
    if text == "退款 -":
        assert nodes(text) == (Word("退款"), Word("-"))
        return
    with pytest.raises(QueryError) as told:
        parse(text)
    assert told.value.part == part and says in told.value.message


@given(st.text(alphabet='退款 OR()（）"“”-:：状态NOT或3<>.\u3000', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert error.part and error.message
    else:
        assert len(query.parts) == len(query.node.nodes)
