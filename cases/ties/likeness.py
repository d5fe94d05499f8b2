"""How alike two texts are, told from their keyed tokens alone. Pure: no database, no text, no key.

MinHash: of each of some sixty orders of all tokens, the first token a text has. Two texts agree on one with the chance that is
their likeness (tokens both have, of those either has), so the share of agreements measures it. Texts that agree on a whole band
of three are worth comparing; texts half alike are found so with 93 of 100, those a fifth alike are looked at in 15.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

BANDS, ROWS = 20, 3
LEAST_TOKENS = 12
_PRIME = (1 << 61) - 1
_chance = Random(20_260_928)  # noqa: S311 - fixed numbers: what is kept must compare with what comes
_ORDERS = tuple((_chance.randrange(1, _PRIME), _chance.randrange(_PRIME)) for _ in range(BANDS * ROWS))


def minima_of(tokens: Collection[int]) -> list[int]:
    """The least value of `tokens` in each order, as signed 32-bit numbers; empty for a text too short to be like another."""
    if len(tokens) < LEAST_TOKENS:
        return []
    return [_signed(min((a * token + b) % _PRIME for token in tokens)) for a, b in _ORDERS]


def bands_of(minima: Sequence[int]) -> list[int]:
    """One number per band; equal where two texts agree on the whole band."""
    return [_signed(_mixed(n, minima[n * ROWS : (n + 1) * ROWS])) for n in range(len(minima) // ROWS)]


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one) if one else 0.0


def _mixed(seed: int, values: Sequence[int]) -> int:
    mixed = seed + 1
    for value in values:
        mixed = (mixed * 1_000_003 ^ (value & 0xFFFFFFFF)) % _PRIME
    return mixed


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >= 1 << 31 else value
