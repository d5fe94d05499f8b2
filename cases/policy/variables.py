"""The blanks of reply texts: what may stand in braces, and what fills it for a case."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases.messages import track_url
from cases.models import Case
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Text
from jike.privacy import open_sealed
from jike.web.institution import institution

BLANK = re.compile(r"[{｛]([^{}｛｝\n]{1,20})[}｝]")


@dataclass(frozen=True, slots=True)
class Variable:
    """One blank: the word in braces, what it means, and how a case fills it. An empty answer leaves the blank open."""

    word: str
    means: Text
    fill: Callable[[Case, Actor], str]

    @property
    def braced(self) -> str:
        return "{" + self.word + "}"


def _due(case: Case) -> str:
    if case.next_due_at is None:
        return ""
    with override("zh-hans"):
        return date_format(timezone.localtime(case.next_due_at, CST), "DATE_FORMAT")


def _name(case: Case) -> str:
    party = complainant_of(case)
    return open_sealed(party, "name") if party else ""


def _amount(case: Case) -> str:
    return "" if case.amount_cny is None else f"{case.amount_cny:,.2f}元"


VARIABLES = (
    Variable("姓名", _("The consumer's name"), lambda case, actor: _name(case)),
    Variable("案件编号", _("The case number"), lambda case, actor: case.number),
    Variable("经办人", _("Who writes"), lambda case, actor: actor.label),
    Variable("商户", _("The merchant's name"), lambda case, actor: case.merchant.name if case.merchant else ""),
    Variable("金额", _("The amount in dispute"), lambda case, actor: _amount(case)),
    Variable("最后期限", _("The last day of the nearest clock"), lambda case, actor: _due(case)),
    Variable("热线", _("The house's telephone number"), lambda case, actor: institution().hotline),
    Variable("查询网址", _("Where the consumer follows the case"), lambda case, actor: track_url()),
)
KNOWN = {variable.word: variable for variable in VARIABLES}


def filled(text: str, case: Case, actor: Actor) -> str:
    """The text with every blank filled that the case can fill; the others stay visible in their braces."""
    return BLANK.sub(lambda found: _answer(found, case, actor), text)


def _answer(found: re.Match[str], case: Case, actor: Actor) -> str:
    known = KNOWN.get(found[1].strip())
    return (known.fill(case, actor) if known else "") or found[0]


def blanks_of(text: str) -> list[str]:
    """The blanks that stand in a text, each once, in order."""
    return list(dict.fromkeys(found.strip() for found in BLANK.findall(text)))


def open_blanks(words: list[str]) -> Text:
    """What a sender is told about blanks nobody filled."""
    return format_lazy(_("Fill in or delete what stands in braces: {words}."), words="、".join(words))
