"""The words of notices. They hold numbers, codes and dates; a notice that is mailed must never name a person."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from cases.clocks import rules
from cases.notices.models import Notice


def sentence_of(notice: Notice) -> str:
    """What happened, in one sentence, with the number of the case."""
    facts, number = notice.facts, notice.case.number if notice.case else ""
    if notice.code.startswith("clock."):
        words = {"number": number, "clock": _clock(facts["clock"]), "percent": facts["percent"], "due": facts["due"]}
        if notice.code == "clock.breached":
            return _("%(number)s: “%(clock)s” ended on %(due)s and is exceeded.") % words
        return _("%(number)s: “%(clock)s” is %(percent)s%% gone, it ends on %(due)s.") % words
    if notice.code == "court.asked":
        return _("%(number)s: support in court is asked for.") % {"number": number}
    if notice.code == "court.near":
        words = {"number": number, "clock": _clock(facts["clock"]), "due": facts["due"]}
        return (
            _("%(number)s: “%(clock)s” ends on %(due)s.") if words["clock"] else _("%(number)s: hearing on %(due)s.")
        ) % words
    if notice.code == "case.assigned":
        return _("%(number)s was given to you.") % {"number": number}
    if notice.code == "case.answered":
        return _("%(number)s: the consumer wrote.") % {"number": number}
    if notice.code == "case.merchant_wrote":
        return _("%(number)s: the merchant wrote.") % {"number": number}
    if notice.code == "case.side_spoke":
        return _("%(number)s: one side answered or offered something.") % {"number": number}
    if notice.code == "case.contested":
        return _("%(number)s: the consumer contests the decision.") % {"number": number}
    if notice.code == "case.phone_asked":
        return _("%(number)s: somebody asks for another telephone number; check who it is.") % {"number": number}
    if notice.code == "case.reminded":
        words = {"number": number, "clock": _clock(facts["clock"]), "due": facts["due"]}
        return _("%(number)s: “%(clock)s” — %(due)s.") % words
    if notice.code == "approval.asked":
        return _("%(number)s waits for your approval.") % {"number": number}
    if notice.code == "bundle.halted":
        return _("%(number)s: an evidence bundle was halted at item %(item)s; look at the register.") % {
            "number": number,
            "item": notice.facts["item"] or "—",
        }
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
