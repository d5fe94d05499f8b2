"""Sources of rules as a reader calls them: `O2020-3 art 18` is 《银行业保险业消费投诉处理管理办法》第18条."""

from __future__ import annotations

import re
from functools import cache

import yaml
from django.conf import settings
from django.utils.translation import get_language

_CITED = re.compile(r"(?P<key>[A-Z][\w-]*)(?: arts? (?P<articles>[\d()\-]+(?:(?:, | and | to )[\d()\-]+)*))?")
_NEXT = re.compile(r"[,;] (?=[A-Za-z])")


def named(source: str) -> str:
    """What a page prints for a source: Chinese readers get the title and the article, others the key of `docs/sources.md`."""
    return _in_chinese(source) if (get_language() or "").startswith("zh") else source


@cache
def _in_chinese(source: str) -> str:
    """Articles of one text stand behind its title once."""
    by_title: dict[str, dict[str, None]] = {}
    for part in _NEXT.split(source):
        title, articles = _cited(part.strip())
        by_title.setdefault(title, {}).update(dict.fromkeys(articles))
    return "；".join(title + "、".join(articles) for title, articles in by_title.items())


def _cited(part: str) -> tuple[str, list[str]]:
    """The title and the articles. A key without a title, or words behind the articles, stand as they are."""
    if part.startswith("house "):
        return _titles()["house"], []
    match = _CITED.fullmatch(part)
    title = _titles().get(match["key"]) if match else None
    if match is None or title is None:
        return part, []
    return title, [f"第{article}条" for article in re.split(r", | and | to ", match["articles"] or "") if article]


@cache
def _titles() -> dict[str, str]:
    content: dict[str, str] = yaml.safe_load(
        (settings.BASE_DIR / "config" / "sources.yaml").read_text(encoding="utf-8")
    )
    return content
