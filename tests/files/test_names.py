from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.files import clean_display_name

BAD = set('/\\:*?"<>|;\r\n\t\x00\u202e\u200b\ufeff\u2044\uff0f')


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张\\合同.pdf", "合同.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
        ("a\r\nb\x00.txt", "a b.txt"),
        ("e\u0301.txt", "é.txt"),
        (".htaccess", "htaccess"),
        ("-rf", "rf"),
        ("con.txt", "_con.txt"),
        ("COM1", "_COM1"),
        ("a；b;c.txt", "a；b_c.txt"),
        ("a／b.txt", "a_b.txt"),
        ("\ud800x", "x"),
        ("..", "file"),
        ("   ", "file"),
        ("\u200b\ufeff", "file"),
        ("", "file"),
        ('x" filename=".exe', "x_ filename=_.exe"),
    ],
)
def test_names_are_made_safe(name: str, shown: str) -> None:
    assert clean_display_name(name) == shown


def test_long_names_keep_their_extension() -> None:
    for name in ("字" * 300 + ".pdf", "x" * 300 + ".pdf"):
        shown = clean_display_name(name)
        assert shown.endswith(".pdf") and len(shown) <= 120 and len(shown.encode()) <= 200


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_name_is_safe_and_stays(name: str) -> None:
    shown = clean_display_name(name)

    assert shown and not set(shown) & BAD and not shown.startswith((".", "-", "~", " "))
    assert len(shown) <= 120 and len(shown.encode()) <= 200 and unicodedata.is_normalized("NFC", shown)
    assert clean_display_name(shown) == shown
