"""Invented people: names, telephone numbers of a range that belongs to nobody, amounts."""

from __future__ import annotations

from random import Random

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华慧巧美玉兰红梅淑珍桂莲春凤琴建国志平海波小雨子轩梓涵一诺浩然欣怡"


def name(chance: Random) -> str:
    return chance.choice(_SURNAMES) + "".join(chance.choice(_GIVEN) for _ in range(chance.randrange(1, 3)))


def phone(seed: int, n: int) -> str:
    """A number of its own for the n-th person of a seed, in normalised form."""
    return f"1{(9_000_000_000 + (seed * 7_919 + n) % 1_000_000_000):010d}"
