"""When a time limit ends, with its arithmetic."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.clocks import dates, rules
from cases.clocks.labels import line_label
from cases.clocks.pauses import Pause
from cases.clocks.rules import PauseKind, Rule
from cases.clocks.steps import Extension
from jike import calendars
from jike.base.dates import CST, cst_date
from jike.base.errors import Refused


class Command(BaseCommand):
    help = "When a time limit ends, with its arithmetic: due --received 2026-09-28T10:00+08:00 --rule CMP15"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--received", required=True, metavar="INSTANT", help="start; without an offset it is Shanghai time"
        )
        parser.add_argument(
            "--rule", required=True, metavar="CODE", help="a code of config/rules/clocks.yaml, such as CMP15"
        )
        parser.add_argument(
            "--pause",
            action="append",
            default=[],
            metavar="[KIND:]FROM..TO[:unmet]",
            help="days left out, both included; no TO: still going on. KIND is mediation (the default where allowed), appraisal or "
            "identity_check; “:unmet” means without the consumer's consent or without notice",
        )
        parser.add_argument(
            "--extend",
            action="append",
            nargs="?",
            const="",
            default=[],
            metavar="STEP[@INSTANT]",
            help="the next step, or a named one (30, CMP30), asked at INSTANT; approved and told in time",
        )
        parser.add_argument("--length", type=int, metavar="N", help="for limits somebody else sets (CMP_AGREED, EVI)")
        parser.add_argument("--json", action="store_true", help="the last line is one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        received = _instant(options["received"])
        rule = _rule(options["rule"], cst_date(received))
        if options["length"] is not None and (options["length"] < 0 or not rule.length_given):
            raise CommandError(_("%(code)s has a fixed length.") % {"code": rule.code})
        try:
            found = dates.due(
                rule,
                received,
                pauses=[_pause(text, rule) for text in options["pause"]],
                extensions=_extensions(options["extend"], rule, received),
                length=options["length"],
                calendar=calendars.current(),
            )
        except Refused as refused:
            if options["json"]:
                self.stdout.write(
                    json.dumps({"due": None, "blockers": [b.as_dict() for b in refused.blockers]}, ensure_ascii=False)
                )
            raise CommandError("\n".join(str(blocker.message) for blocker in refused.blockers)) from None
        if options["json"]:
            self.stdout.write(json.dumps(facts_of(found), ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, due: dates.Due) -> None:
        write = self.stdout.write
        write(f"{due.rule.code} {due.rule.label} · {due.rule.key}")
        total = (
            due.at.astimezone(CST).strftime("%Y-%m-%d %H:%M:%S")
            if due.at
            else _("suspended, %(left)s days left") % {"left": due.left}
        )
        write(
            _("Ends: %(total)s") % {"total": total}
            + (_(" (provisional: a holiday notice is still to come)") if due.provisional else "")
        )
        for line in due.lines:
            moved = f"{line.days:+d}" if line.counts and line.days else ""
            mark = "  " if line.counts else "· "
            write(f"{mark}{line.day}  {moved:>5}  {line_label(line.key, line.values)}  [{line.source}]")


def facts_of(due: dates.Due) -> dict[str, Any]:
    """A `Due` as plain values: `due` as ISO text in Shanghai time, null while suspended."""
    return {
        "rule": due.rule.key,
        "due": due.at.astimezone(CST).isoformat(timespec="seconds") if due.at else None,
        "provisional": due.provisional,
        "days_left": due.left,
        "warn_on": due.warn_on.isoformat() if due.warn_on else None,
        "lines": [
            {
                "key": line.key,
                "label": line_label(line.key, line.values),
                "days": line.days,
                "day": line.day.isoformat(),
                "counts": line.counts,
                "provisional": line.is_provisional,
                "source": line.source,
            }
            for line in due.lines
        ],
    }


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(_("“%(text)s” is not a time such as 2026-09-28T10:00+08:00.") % {"text": text}) from None
    return at if at.tzinfo else at.replace(tzinfo=CST)


def _rule(code: str, on: date) -> Rule:
    """The version in force on the day; for a day before the first version, the first."""
    try:
        versions = rules.load().of(code)
    except rules.RuleUnknown:
        known = "、".join(rules.load().codes)
        raise CommandError(
            _("There is no time limit “%(code)s”. Known are: %(known)s") % {"code": code, "known": known}
        ) from None
    return next(
        (rule for rule in versions if rule.holds_on(on)), versions[0 if on < versions[0].effective_from else -1]
    )


def _pause(text: str, rule: Rule) -> Pause:
    rest, is_met = (text.removesuffix(":unmet"), False) if text.endswith(":unmet") else (text, True)
    kind, _colon, days = rest.rpartition(":")
    first, dots, last = days.partition("..")
    kinds: dict[str, PauseKind] = {
        "mediation": "mediation",
        "appraisal": "appraisal",
        "identity_check": "identity_check",
    }
    chosen = kinds.get(kind or (rule.pausable[0] if rule.pausable else "mediation"))
    try:
        if chosen is None or not dots:
            raise ValueError
        return Pause(
            chosen,
            date.fromisoformat(first),
            date.fromisoformat(last) if last else None,
            has_consent=is_met,
            is_noticed=is_met,
        )
    except ValueError:
        raise CommandError(_("“%(text)s” is not a pause such as 2026-11-10..2026-11-24.") % {"text": text}) from None


def _extensions(steps: list[str], rule: Rule, received: datetime) -> list[Extension]:
    found: list[Extension] = []
    for text in steps:
        step, _at, asked = text.partition("@")
        at = _instant(asked) if asked else received
        longer = _longer(step, found[-1].rule if found else rule, cst_date(received))
        found.append(Extension(longer, at, _("asked by command"), approved_at=at, noticed_at=at))
    return found


def _longer(step: str, rule: Rule, on: date) -> Rule:
    """The rule a step leads to: the next one, or the one named by code, by its days (30) or by the days it adds (15)."""
    following = _rule(rule.next.code, on) if rule.next else rule
    if step in ("", str(following.length), str(following.length - rule.length)):
        return following
    return _rule(f"{rule.family}{step}" if step.isdigit() else step, on)
