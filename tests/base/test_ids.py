"""Codes people read aloud, and keys that sort by time."""

from __future__ import annotations

import hashlib
from uuid import RFC_4122

import pytest

from jike.base.ids import code_from, normalise_code, random_code, uuid7


def test_codes_are_long_unlike_and_free_of_look_alikes() -> None:
    codes = {random_code() for _ in range(500)}

    assert len(codes) == 500
    assert not set("".join(codes)) & set("01OILU")
    assert all(len(code) == 19 for code in codes)


def test_code_from_a_hash_is_always_the_same_and_another_for_another() -> None:
    first, second = (hashlib.sha256(word).digest() for word in (b"a", b"b"))

    assert code_from(first) == code_from(first) != code_from(second)
    assert len(code_from(first)) == 14


def test_typed_codes_are_read_in_any_spelling() -> None:
    assert normalise_code(" 7kq2 m9xd3vtr-p4hw ") == "7KQ2-M9XD-3VTR-P4HW"


def test_keys_sort_by_the_time_they_were_made_also_within_a_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    start = 1_790_000_000_000_000_000
    monkeypatch.setattr("time.time_ns", iter(range(start, start + 50_000, 500)).__next__)
    keys = [uuid7() for _ in range(100)]

    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}
    assert len({key.int >> 80 for key in keys}) == 1
    assert keys == sorted(keys)
    assert len({key.int & (1 << 62) - 1 for key in keys}) == 100
