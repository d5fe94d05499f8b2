"""field:value as a condition on cases. Each operator refuses a value it cannot read and says which it can."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NoReturn, TypeVar

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cases import headings
from cases.kinds import all_kinds
from cases.models import Case, Party, Source
from cases.queries import cases_listed_for, in_full_sight
from cases.search.language import Field, QueryError
from cases.search.models import Piece
from cases.search.text import folded, keyed, tokens_of
from jike.accounts.models import Unit, User
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day, start_of_day
from jike.base.errors import Text
from jike.calendars import current
from jike.privacy import blind_index
from lending.actions import salespeople_called
from lending.models import Merchant, Salesperson

T = TypeVar("T")
MOST_MERCHANTS = 200
_NUMBER = re.compile(r"[A-Z]{2}[0-9]{8}-[0-9]{1,9}")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_LIMIT = re.compile(r"([<>]=?|[＜＞])(\d{1,3})(工作日|wd|天|日|d)?", re.IGNORECASE)
_AMOUNT = re.compile(r"([<>]=?|=)?(\d{1,12}(?:\.\d{1,2})?)")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who searches, and when."""

    actor: Actor
    now: datetime


def condition_of(field: Field, asked: Asked) -> Q:
    """Raises `QueryError` naming the field as it was typed."""
    return _OPERATORS[field.name](field, asked)


def refuse(field: Field, message: str) -> NoReturn:
    raise QueryError(field.typed, message)


def _number(field: Field, asked: Asked) -> Q:
    value = folded(field.value).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{0,8}(-[0-9]{0,9})?", value):
        refuse(field, _("A case number, or its beginning, looks like TS20260928-00017."))
    return Q(number__startswith=value)


def _phone(field: Field, asked: Asked) -> Q:
    try:
        index = blind_index("phone", field.value)
    except ValueError:
        refuse(field, _("A phone number has eleven digits. For the last four write 手机尾号:5678."))
    parties = Party.objects.filter(case_id=OuterRef("pk"), phone_index=index)
    return in_full_sight(asked.actor) & Q(Exists(parties))


def _tail(field: Field, asked: Asked) -> Q:
    digits = folded(field.value)
    if not re.fullmatch(r"[0-9]{4}", digits):
        refuse(field, _("Write the last four digits, for example 手机尾号:5678."))
    return in_full_sight(asked.actor) & with_tokens([keyed("t", digits)])


def _merchant(field: Field, asked: Asked) -> Q:
    tokens = tokens_of(field.value, place="m")
    named = in_full_sight(asked.actor) & with_tokens(tokens) if tokens else Q(pk__in=[])
    return Q(merchant_id__in=merchants_named(field.value)) | named


def _salesperson(field: Field, asked: Asked) -> Q:
    """By name or code, whole; or by the number of a case: whoever sold that one. The name is a person's, so full sight only."""
    typed = folded(field.value).upper()
    if _NUMBER.fullmatch(typed):
        same = cases_listed_for(asked.actor).filter(number=typed, salesperson__isnull=False)
        return Q(salesperson_id__in=list(same.values_list("salesperson_id", flat=True)))
    people = Salesperson.objects.filter(code=typed) | salespeople_called(field.value)
    return in_full_sight(asked.actor) & Q(salesperson_id__in=list(people.values_list("pk", flat=True)[:MOST_MERCHANTS]))


def merchants_named(text: str) -> list[object]:
    """Registered merchants with this in their name; the first two hundred."""
    return list(Merchant.objects.filter(name__icontains=text).values_list("pk", flat=True)[:MOST_MERCHANTS])


def _state(field: Field, asked: Asked) -> Q:
    value = folded(field.value)
    if value in ("未结", "在办", "open"):
        return Q(ended_at=None, is_historical=False)
    if value in ("已结", "办结", "ended"):
        return Q(ended_at__isnull=False)
    labels = {state: label for kind in all_kinds() for state, label in kind.states.items()}
    return Q(state__in=_matching(field, labels))


def _kind(field: Field, asked: Asked) -> Q:
    return Q(kind__in=_matching(field, {kind.code: kind.label for kind in all_kinds()}))


def _waiting(field: Field, asked: Asked) -> Q:
    return waiting_for(_matching(field, WHOM))


def waiting_for(whom: Iterable[str]) -> Q:
    """The cases in whose state these must act next, as their kinds say."""
    wanted = set(whom)
    found = Q(pk__in=[])
    for kind in all_kinds():
        states = [state for state, waits in kind.waiting_for.items() if waits in wanted]
        if states:
            found |= Q(kind=kind.code, state__in=states)
    return found


def _due(field: Field, asked: Asked) -> Q:
    value, today = folded(field.value), cst_date(asked.now)
    if value in ("逾期", "overdue"):
        return Q(next_due_at__lt=asked.now)
    if value in ("今天", "today"):
        return Q(next_due_at__range=(start_of_day(today), end_of_day(today)))
    if limit := _LIMIT.fullmatch(value):
        sign, count, unit = limit.groups()
        days = int(count)
        day = current().add_working_days(today, days)[0] if unit in ("工作日", "wd") else today + timedelta(days=days)
        if sign.startswith("<"):
            return Q(next_due_at__lte=end_of_day(day))
        return Q(next_due_at__gt=end_of_day(day))
    begin, end = _days(field, _("Write for example 到期:<3d, 到期:<2工作日, 到期:逾期 or 到期:2026-10-13."))
    return Q(next_due_at__gte=begin, next_due_at__lte=end)


def _received(field: Field, asked: Asked) -> Q:
    begin, end = _days(field, _("Write a day, month or year, or two of them: 收到:2026-09..2026-10."))
    return Q(received_at__gte=begin, received_at__lte=end)


def _days(field: Field, message: str) -> tuple[datetime, datetime]:
    """The instants from the beginning of the first to the end of the last; an open side reaches far."""
    first, dots, last = folded(field.value).partition("..")
    if not (first or last):
        refuse(field, message)
    begin = _span(field, first, message)[0] if first else date(1990, 1, 1)
    end = _span(field, last if dots else first, message)[1] if last or not dots else date(2999, 12, 31)
    if begin > end:
        refuse(field, _("The first day lies after the last. Exchange them."))
    return start_of_day(begin), end_of_day(end)


def _span(field: Field, text: str, message: str) -> tuple[date, date]:
    found = _DAY.fullmatch(text)
    if not found:
        refuse(field, message)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        begin = date(year, month or 1, day or 1)
    except ValueError:
        refuse(field, _("There is no such day."))
    if day:
        return begin, begin
    following = date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1)
    return begin, following - timedelta(days=1)


def _amount(field: Field, asked: Asked) -> Q:
    low, dots, high = folded(field.value).replace(",", "").replace("¥", "").replace("元", "").partition("..")
    message = _("Write for example 金额:>3000 or 金额:1000..5000.")
    if dots:
        bounds = [_AMOUNT.fullmatch(text) if text else None for text in (low, high)]
        if not any(bounds) or any(text and (not b or b.group(1)) for text, b in zip((low, high), bounds, strict=True)):
            refuse(field, message)
        least, most = (Decimal(b.group(2)) if b else None for b in bounds)
        found = Q(amount_cny__isnull=False)
        found &= Q(amount_cny__gte=least) if least is not None else Q()
        return found & (Q(amount_cny__lte=most) if most is not None else Q())
    one = _AMOUNT.fullmatch(low)
    if not one:
        refuse(field, message)
    lookup = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}.get(one.group(1) or "", "exact")
    return Q(**{f"amount_cny__{lookup}": Decimal(one.group(2))})


def _channel(field: Field, asked: Asked) -> Q:
    """A channel by its label, else the name of the source it came through."""
    found = _codes(folded(field.value), dict(Case.Channel.choices))
    if found:
        return Q(source_channel__in=found)
    sources = Source.objects.filter(case_id=OuterRef("pk"), name__icontains=field.value)
    return Q(Exists(sources))


def _owner(field: Field, asked: Asked) -> Q:
    value = folded(field.value)
    if value in ("我", "me"):
        return Q(assignee_id=asked.actor.id)
    if value in ("无", "none"):
        return Q(assignee=None)
    names = Q(display_name__icontains=field.value) | Q(staff_no__iexact=value) | Q(username__iexact=value)
    found = list(User.objects.filter(names).values_list("pk", flat=True)[:50])
    if not found:
        refuse(field, _("Nobody of the staff has this name or number. 负责人:我 is you, 负责人:无 nobody."))
    return Q(assignee_id__in=found)


def _unit(field: Field, asked: Asked) -> Q:
    units = {unit.pk: unit.name for unit in Unit.objects.all()}
    codes = {unit.pk for unit in Unit.objects.filter(code__iexact=field.value)}
    return Q(unit_id__in=codes or _matching(field, units))


def _matter(field: Field, asked: Asked) -> Q:
    on = cst_date(asked.now)
    both = {h.code: h.label for dimension in ("business", "cause") for h in headings.headings(dimension, on=on)}
    found = _matching(field, both)
    return Q(business_code__in=found) | Q(cause_code__in=found)


def _flag(field: Field, asked: Asked) -> Q:
    return Q(flags__contains=[FLAGS.get(folded(field.value), field.value[:20])])


WHOM: dict[str, Text] = {
    "staff": gettext_lazy("Staff"),
    "consumer": gettext_lazy("Consumer"),
    "merchant": gettext_lazy("Merchant"),
    "authority": gettext_lazy("Authority"),
    "approver": gettext_lazy("Approval"),
}
FLAGS = {
    "群体": "mass",
    "群体事件": "mass",
    "弱势": "vulnerable",
    "反诈": "fraud",
    "暂缓": "hold",
    "重大": "major",
    "异议": "contested",
    "低分": "low_score",
    "重开": "reopen_asked",
    "邮寄": "post",
}


def _codes(value: str, labels: dict[T, Text]) -> list[T]:
    """The codes that `value` names, wholly or else in part, in any language: a shared view means the same to everybody."""
    names = {code: {str(code).casefold(), *_names_of(label)} for code, label in labels.items()}
    exact = [code for code, known in names.items() if value in known]
    return exact or [code for code, known in names.items() if any(value in name for name in known)]


def _names_of(label: Text) -> set[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(folded(str(label)))
    return found


def _matching(field: Field, labels: dict[T, Text]) -> list[T]:
    found = _codes(folded(field.value), labels)
    if not found:
        known = "、".join(dict.fromkeys(str(label) for label in labels.values()))
        refuse(field, _("There is no such value. Known are: %(known)s.") % {"known": known[:200]})
    return found


def with_tokens(tokens: Iterable[int]) -> Q:
    return Q(Exists(Piece.objects.filter(case_id=OuterRef("pk"), tokens__contains=list(tokens))))


_OPERATORS: dict[str, Callable[[Field, Asked], Q]] = {
    "number": _number, "phone": _phone, "tail": _tail, "merchant": _merchant, "state": _state, "kind": _kind, "due": _due,
    "channel": _channel, "owner": _owner, "unit": _unit, "received": _received, "amount": _amount, "matter": _matter,
    "flag": _flag, "waiting": _waiting, "salesperson": _salesperson,
}  # fmt: skip
