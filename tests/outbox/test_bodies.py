import uuid

import pytest

from jike.outbox.bodies import fit_body, fit_code, fit_text
from jike.outbox.errors import Unfit

CASE = uuid.UUID("019234ab-0000-7000-8000-138001380001")


def test_fit_body_passes_identifiers_codes_and_small_numbers():
    body = fit_body(
        {
            "case": CASE,
            "rule": "CMP15",
            "number": "TS20260928-00017",
            "version": 3,
            "live": True,
            "to": None,
            "events": [CASE, 2],
        }
    )

    assert body == {
        "case": str(CASE),
        "rule": "CMP15",
        "number": "TS20260928-00017",
        "version": 3,
        "live": True,
        "to": None,
        "events": [str(CASE), 2],
    }


@pytest.mark.parametrize(
    "value",
    [
        "张小明",
        "Zhang Xiaoming",
        "13800138000",
        "+8613800138000",
        "138-0013-8000",
        "phone:13800138000",
        13800138000,
        "110101199003078515",
        "11010119900307851X",
        "6222021234567890123",
        "someone@example.com",
        "two\nlines",
        "x" * 101,
        "",
        1.5,
        b"bytes",
        {"name": "x"},
        [["nested"]],
        ["ok", "张小明"],
    ],
)
def test_fit_body_refuses_what_could_be_a_person(value):
    with pytest.raises(Unfit) as refusal:
        fit_body({"value": value})

    assert not value or str(value) not in str(refusal.value)


@pytest.mark.parametrize("field", ["Name", "张", "two words", "", "x" * 41])
def test_fit_body_refuses_fields_without_a_plain_name(field):
    with pytest.raises(Unfit):
        fit_body({field: 1})


def test_fit_body_refuses_many_fields():
    with pytest.raises(Unfit):
        fit_body({f"field_{n}": n for n in range(21)})


def test_fit_text_passes_keys_made_of_identifiers():
    assert fit_text(f"cases.notified:{CASE}:3") == f"cases.notified:{CASE}:3"


def test_fit_code_replaces_a_sentence():
    assert fit_code("sms.timeout") == "sms.timeout"
    assert fit_code("could not reach 13800138000") == "unnamed"
    assert fit_code("x" * 61) == "unnamed"
