"""One spelling for all, a token for every pair, and nothing that can be read back."""

from __future__ import annotations

import pytest

from cases.search.text import folded, keyed, tokens_of


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("退 款", "退款"),
        ("退\n款", "退款"),
        ("退　款", "退款"),
        ("還款", "还款"),
        ("Apple  Pay", "apple pay"),
    ],
)
def test_one_spelling(written: str, spelling: str) -> None:
    assert folded(written) == spelling


def test_every_pair_of_neighbours_is_a_token() -> None:
    assert tokens_of("虚假宣传") == {keyed("w", pair) for pair in ("虚假", "假宣", "宣传")}
    assert tokens_of("付了3000元 iPhone15") == {keyed("w", "付了"), keyed("w", "3000"), keyed("w", "iphone15")}
    assert tokens_of("王") == set()


def test_sentences_do_not_run_into_each_other() -> None:
    assert keyed("w", "款商") not in tokens_of("退款。商户")


def test_rare_characters_make_tokens_too() -> None:
    assert tokens_of("𠮷野家") == {keyed("w", "𠮷野"), keyed("w", "野家")}


def test_places_are_kept_apart_and_keys_decide(settings) -> None:
    before = keyed("w", "5678")
    assert before != keyed("t", "5678")
    settings.BLIND_INDEX_KEY = "1:" + "B" * 43 + "="
    assert keyed("w", "5678") != before


def test_a_huge_text_makes_a_bounded_number_of_tokens() -> None:
    text = "".join(chr(0x4E00 + n % 20_000) for n in range(60_000))
    assert len(tokens_of(text)) <= 20_000
