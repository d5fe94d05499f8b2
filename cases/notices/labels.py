"""The words of notices. They hold numbers, codes and dates; a notice that is mailed must never name a person."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.clocks import rules
from cases.notices.models import Notice
from jike.base.errors import Text

_PLAIN: dict[str, Text] = {
    "court.asked": gettext_lazy("%(number)s: support in court is asked for."),
    "police.asked": gettext_lazy("%(number)s: the consumer asks for help with a police report."),
    "court.unappealed": gettext_lazy(
        "%(number)s: the days to appeal are over for the consumer. Ask the court whether the other side appealed, then record that the judgment is in force."
    ),
    "court.redraft": gettext_lazy(
        "%(number)s: a paper for the court was not printed, for what it says has changed meanwhile. Draft it again."
    ),
    "case.assigned": gettext_lazy("%(number)s was given to you."),
    "case.answered": gettext_lazy("%(number)s: the consumer wrote."),
    "case.merchant_wrote": gettext_lazy("%(number)s: the merchant wrote."),
    "case.side_spoke": gettext_lazy("%(number)s: one side answered or offered something."),
    "case.contested": gettext_lazy("%(number)s: the consumer contests the decision."),
    "case.phone_asked": gettext_lazy("%(number)s: somebody asks for another telephone number; check who it is."),
    "approval.asked": gettext_lazy("%(number)s waits for your approval."),
    "return.waits": gettext_lazy("%(number)s: a return waits for a decision."),
    "return.stuck": gettext_lazy("%(number)s: money of a return does not arrive; look at its legs."),
}
"""What needs no word but the number."""


def sentence_of(notice: Notice) -> str:
    """What happened, in one sentence, with the number of the case."""
    facts, number = notice.facts, notice.case.number if notice.case else ""
    if notice.code.startswith("clock."):
        words = {"number": number, "clock": _clock(facts["clock"]), "percent": facts["percent"], "due": facts["due"]}
        if notice.code == "clock.breached":
            return _("%(number)s: “%(clock)s” ended on %(due)s and is exceeded.") % words
        return _("%(number)s: “%(clock)s” is %(percent)s%% gone, it ends on %(due)s.") % words
    if plain := _PLAIN.get(notice.code):
        return str(plain) % {"number": number}
    if notice.code == "court.near":
        words = {"number": number, "clock": _clock(facts["clock"]), "due": facts["due"]}
        hearing, ends = _("%(number)s: hearing on %(due)s."), _("%(number)s: “%(clock)s” ends on %(due)s.")
        return (ends if words["clock"] else hearing) % words
    if notice.code == "case.reminded":
        words = {"number": number, "clock": _clock(facts["clock"]), "due": facts["due"]}
        return _("%(number)s: “%(clock)s” — %(due)s.") % words
    if notice.code == "bundle.halted":
        words = {"number": number, "item": facts["item"] or "—"}
        return _("%(number)s: an evidence bundle was halted at item %(item)s; look at the register.") % words
    if notice.code.startswith("alarm."):
        words = {"number": number, "count": facts["count"]}
        if notice.code == "alarm.salesperson":
            return _("%(count)s open complaints are about one salesperson, the latest is %(number)s.") % words
        return _("%(count)s open complaints are about one merchant, the latest is %(number)s.") % words
    return "；".join(overview_of(notice)) + "。"


def overview_of(notice: Notice) -> list[str]:
    """The counts of an overview, those that are not zero."""
    said = {
        "overdue": _("%(count)s overdue"),
        "due_today": _("%(count)s due today"),
        "approvals": _("%(count)s waiting for your approval"),
        "unassigned": _("%(count)s to be assigned"),
        "waiting": _("%(count)s waiting for others"),
        "unread": _("%(count)s notices unread"),
    }
    return [text % {"count": notice.facts[key]} for key, text in said.items() if notice.facts.get(key)]


def subject_of(notice: Notice) -> str:
    if notice.case:
        return _("[Jike] %(number)s: %(what)s") % {"number": notice.case.number, "what": notice.happening.label}
    return _("[Jike] %(day)s: %(what)s") % {
        "day": date.fromisoformat(notice.facts["day"]).strftime("%m-%d"),
        "what": notice.happening.label,
    }


def _clock(code: str) -> str:
    try:
        return rules.load().of(code)[-1].label
    except rules.RuleUnknown:
        return code
