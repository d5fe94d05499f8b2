"""The search tokens of invented words. They are put together from few phrases, so each phrase is hashed once."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from cases.search.pieces import Words
from cases.search.text import runs_of, tokens_of

_NOBODY = UUID(int=0)


def tokens(words: dict[str, str]) -> list[int]:
    """What `Words.tokens` answers for these fields of a row; invented Chinese has no spaces inside."""
    if "phone" in words:  # a person: names hardly ever come again
        return Words(_NOBODY, _NOBODY, "", "", words).tokens()
    found: set[int] = set()
    for name, text in words.items():
        for run in runs_of(text):
            found.update(_tokens_of_run(run))
            if name == "merchant_named":
                found.update(_tokens_of_run(run, "m"))
    return sorted(found)


@lru_cache(maxsize=200_000)
def _tokens_of_run(run: str, place: str = "w") -> frozenset[int]:
    return frozenset(tokens_of(run, place=place))
