"""The check character of organisations' codes."""

import pytest
from django.core.exceptions import ValidationError

from lending.uscc import check_character, normalise_uscc


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_known_codes_are_right(code):
    assert check_character(code[:17]) == code[17]
    assert normalise_uscc(code) == code


def test_spaces_small_letters_and_full_width_are_forgiven():
    assert normalise_uscc(" 9135 0100 m000 100y 43") == "91350100M000100Y43"
    assert normalise_uscc("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91350100M000100Y44", "uscc.check"),
        ("91350100M000100Y34", "uscc.check"),
        ("91350100M000100Y4", "uscc.shape"),
        ("91350100I000100Y43", "uscc.shape"),
        ("", "uscc.shape"),
    ],
)
def test_wrong_codes_are_refused(code, problem):
    with pytest.raises(ValidationError) as caught:
        normalise_uscc(code)

    assert caught.value.code == problem
