from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.privacy import (
    Sealed,
    blind_index,
    id_number_warnings,
    mask_card,
    mask_email,
    mask_id,
    mask_name,
    mask_phone,
    normalise_card,
    normalise_id_number,
    normalise_name,
    normalise_phone,
)
from jike.privacy.identities import check_digit
from jike.privacy.normal import is_virtual_phone

TODAY = date(2026, 9, 28)
AREAS = ["110105", "440305", "650102", "710000", "810000", "820000", "830000", "911124", "931156"]


def as_id(area: str, born: date, order: int) -> str:
    body = f"{area}{born:%Y%m%d}{order:03d}"
    return body + check_digit(body)


valid_ids = st.builds(as_id, st.sampled_from(AREAS), st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "+86 138 0013 8000",
        "0086-138-0013-8000",
        "8613800138000",
        "１３８００１３８０００",
        " 138\u30000013\t8000 ",
        "+86（138）00138000",
    ],
)
def test_phone_forms_are_one_number(text: str) -> None:
    assert normalise_phone(text) == "13800138000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1380013800",
        "138001380001",
        "12800138000",
        "010-62345678",
        "+852 91234567",
        "23800138000",
        "1380013800O",
        "١٣٨٠٠١٣٨٠٠٠",
        "086 13800138000",
    ],
)
def test_other_numbers_are_no_mobile_phones(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        normalise_phone(text)
    assert not text or text not in str(caught.value)


def test_virtual_operators_are_flagged() -> None:
    assert is_virtual_phone("17012345678") and not is_virtual_phone("13800138000")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("110105 19491231-002X", "11010519491231002X"),
        ("110105491231002", "11010519491231002X"),
        (as_id("830000", date(1990, 2, 28), 7), as_id("830000", date(1990, 2, 28), 7)),
        ("911124198108030024", "911124198108030024"),
    ],
)
def test_id_numbers_are_stored_in_one_form(text: str, stored: str) -> None:
    assert normalise_id_number(text, today=TODAY) == stored


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",
        "11010519491231002",
        "11010519490230" + "002" + check_digit("11010519490230002"),
        as_id("110105", date(2026, 9, 29), 1),
        as_id("110105", date(2099, 1, 1), 1),
        as_id("999999", date(1990, 1, 1), 1),
        as_id("000000", date(1990, 1, 1), 1),
        "1101051949123100٢X",
        "",
    ],
)
def test_impossible_id_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        normalise_id_number(text, today=TODAY)


@settings(max_examples=300, deadline=None)
@given(valid_ids)
def test_every_valid_id_passes(number: str) -> None:
    assert normalise_id_number(number, today=TODAY) == number


@settings(max_examples=300, deadline=None)
@given(valid_ids, st.integers(0, 17), st.integers(1, 9))
def test_every_changed_digit_is_refused(number: str, position: int, step: int) -> None:
    old = number[position]
    new = "0" if old == "X" else str((int(old) + step) % 10)

    with pytest.raises(ValueError):
        normalise_id_number(number[:position] + new + number[position + 1 :], today=TODAY)


@settings(max_examples=300, deadline=None)
@given(valid_ids, st.integers(0, 16))
def test_swapped_neighbours_are_refused(number: str, position: int) -> None:
    swapped = number[:position] + number[position + 1] + number[position] + number[position + 2 :]

    if swapped != number:
        with pytest.raises(ValueError):
            normalise_id_number(swapped, today=TODAY)


@pytest.mark.parametrize(
    ("paper", "good", "bad"),
    [
        ("passport", "e12345678", "护照1234567"),
        ("hk_macau_permit", "H1234567890", "X12345678"),
        ("taiwan_permit", "12345678", "1234567"),
        ("foreigner_card", "USA110080010101", "US1110080010101"),
    ],
)
def test_other_papers_are_checked_by_form(paper: str, good: str, bad: str) -> None:
    assert normalise_id_number(good, paper=paper) == good.upper()
    with pytest.raises(ValueError):
        normalise_id_number(bad, paper=paper)


def test_unusual_ages_are_pointed_out() -> None:
    for born, count in [(date(2010, 9, 29), 1), (date(2010, 9, 28), 0), (date(1905, 9, 28), 1), (date(1906, 9, 28), 0)]:
        assert len(id_number_warnings(as_id("110105", born, 1), today=TODAY)) == count


@pytest.mark.parametrize("text", ["6222021234567890128", "6222 0212 3456 7890 128", "４１１１１１１１１１１１１１１１"])
def test_cards_pass_luhn(text: str) -> None:
    digits = normalise_card(text)
    assert digits.isascii() and digits.isdigit()


@pytest.mark.parametrize("text", ["0000000000000000", "4111111111111112", "42", "41111111111111111111111", ""])
def test_wrong_cards_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        normalise_card(text)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" 张小明 ", "张小明"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("Zoe\u0308  Li", "Zoë Li"),
        ("𠮷田　龘", "𠮷田 龘"),
    ],
)
def test_names_are_stored_in_one_form(text: str, stored: str) -> None:
    assert normalise_name(text) == stored


@pytest.mark.parametrize(
    "text", ["", "  ", "张\u202e明", "张\x00", "张\u200b明", "\ufeff张", "张\n明", "张\ud800", "张" * 101]
)
def test_names_that_hide_something_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        normalise_name(text)


def test_masks() -> None:
    assert [mask_name(name) for name in ("张小明", "张明", "欧阳修远", "J Smith", "", "張")] == [
        "张**",
        "张**",
        "欧**",
        "J**",
        "",
        "張**",
    ]
    assert [mask_phone(n) for n in ("13800138000", "12345", "")] == ["138****8000", "*****", ""]
    assert [mask_id(n) for n in ("11010519491231002X", "E1234567", "123")] == ["**************002X", "****4567", "***"]
    assert [mask_card(n) for n in ("6222021234568000", "123")] == ["**** **** **** 8000", "***"]
    assert mask_email("zhang@example.com") == "z***@example.com"
    with pytest.raises(TypeError):
        mask_name(Sealed(b"x"))  # type: ignore[arg-type]


def test_blind_index_finds_equal_values_only(settings: object) -> None:
    assert (
        blind_index("phone", "+86 138 0013 8000")
        == blind_index("phone", "13800138000")
        != blind_index("phone", "13800138001")
    )
    assert blind_index("receipt", "7kq2m9xd3vtrp4hw") == blind_index("receipt", "7KQ2-M9XD-3VTR-P4HW")
    assert blind_index("id_number", "110105491231002") == blind_index("id_number", "11010519491231002x")
    assert blind_index("email", " A@b.c ") == blind_index("email", "a@b.c") != blind_index("other", "a@b.c")
    assert len(blind_index("name", "张")) == 32
    with pytest.raises(ValueError):
        blind_index("phone", "not a phone")

    before = blind_index("phone", "13800138000")
    settings.BLIND_INDEX_KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="  # type: ignore[attr-defined]
    assert blind_index("phone", "13800138000") != before
