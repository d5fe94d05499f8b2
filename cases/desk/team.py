"""The supervisor's board: who is on duty with how much, absences and skills, and handing cases on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cases import headings, staffing
from cases.desk import rails
from cases.models import Case, Skill
from cases.queries import cases_listed_for
from cases.rules import power_of
from jike.accounts.models import User
from jike.base.actors import Actor
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused
from jike.verbs import verb_named

NOT_YOURS = Blocker("actor.other_unit", gettext_lazy("Only a supervisor of the same unit keeps this."))
AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the board. `share` is the load against the most loaded colleague, in percent."""

    user: User
    load: staffing.Load
    share: int
    away: str
    skills: str


class LeaveForm(forms.Form):
    """An absence of one member of the unit."""

    who = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who"), to_field_name="staff_no")
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    substitute = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Substitute"), to_field_name="staff_no", required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("who", "substitute"):
            self.fields[name].queryset = handlers_of(actor)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        if given.get("substitute") and given["substitute"] == given.get("who"):
            self.add_error("substitute", _("Nobody stands in for themselves."))
        return given


class SkillForm(forms.Form):
    """What one member of the unit is skilled in; nothing chosen means every matter."""

    who = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who"), to_field_name="staff_no")
    codes = forms.MultipleChoiceField(label=gettext_lazy("Business"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = handlers_of(actor)
        self.fields["codes"].choices = headings.choices("business", on=cst_date(current_instant()))


def handlers_of(actor: Actor) -> Any:
    return User.objects.filter(unit_id=actor.unit, is_active=True, roles__contains=["handler"]).order_by("staff_no")


def board(actor: Actor, *, now: datetime) -> list[Member]:
    """The handlers of the actor's unit with their load, the busiest bar full."""
    users = list(handlers_of(actor))
    loads = staffing.loads_of(users, now=now)
    most = max((load.weight for load in loads.values()), default=0) or 1
    away = {leave.user_id: leave for leave in staffing.leaves_on(cst_date(now)).filter(user__in=users)}
    skills: dict[Any, list[str]] = {}
    for user_id, code in Skill.objects.filter(user__in=users).values_list("user_id", "business_code"):
        skills.setdefault(user_id, []).append(headings.label_of(code))
    members = []
    for user in users:
        load, leave = loads.get(user.pk, staffing.Load()), away.get(user.pk)
        until = f"{leave.ends_on:%m-%d}" if leave else "…" if user.is_on_leave else ""
        members.append(Member(user, load, load.weight * 100 // most, until, "、".join(skills.get(user.pk, []))))
    return members


def supervisor(request: HttpRequest) -> Actor:
    """The actor, if this page is theirs; to everybody else it is not there."""
    if not request.actor.can("complaints.assign"):
        raise Http404
    return request.actor


@require_GET
def team(request: HttpRequest) -> HttpResponse:
    actor, now = supervisor(request), current_instant()
    waiting = rails.open_cases(actor, rails.rail_named("unassigned"), now=now)[: rails.COUNT_LIMIT].count()
    context = {"members": board(actor, now=now), "rails": rails.RAILS, "unassigned": waiting}
    return render(
        request, "desk/team.html", context | {"leave": LeaveForm(actor=actor), "skill": SkillForm(actor=actor)}
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    actor = supervisor(request)
    form = LeaveForm(request.POST, actor=actor)
    if form.is_valid():
        given = dict(form.cleaned_data)
        staffing.record_leave(given.pop("who"), actor=actor, now=current_instant(), no=NOT_YOURS, **given)
        messages.success(request, _("Recorded. Hand the urgent cases on below."))
    else:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect("staff:team")


@require_POST
def skills(request: HttpRequest) -> HttpResponse:
    actor = supervisor(request)
    form = SkillForm(request.POST, actor=actor)
    if form.is_valid():
        staffing.set_skills(form.cleaned_data["who"], form.cleaned_data["codes"], actor=actor, no=NOT_YOURS)
    return redirect("staff:team")


@require_POST
def redistribute(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Hand the open cases of an absent handler, or the unassigned ones, each to the best colleague; what cannot go is told."""
    actor, now = supervisor(request), current_instant()
    cases = cases_listed_for(actor).filter(ended_at=None, is_historical=False, unit_id=actor.unit)
    if staff_no == "-":
        cases = cases.filter(assignee=None)
    else:
        cases = cases.filter(assignee=get_object_or_404(handlers_of(actor), staff_no=staff_no))
    given = sum(_hand_on(case, actor, now) for case in cases.order_by("queue_at", "id")[:AT_MOST])
    messages.success(request, _("%(count)s cases were handed on.") % {"count": given})
    return redirect("staff:team")


def _hand_on(case: Case, actor: Actor, now: datetime) -> bool:
    try:
        verb_named(power_of(case, "auto_assign")).action(case, actor=actor, now=now)
    except Refused:
        return False
    return True


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Claim the most urgent case of the pool that one knows; two who ask at once get two cases."""
    now = current_instant()
    pool = rails.open_cases(request.actor, rails.rail_named("unassigned"), now=now).filter(unit_id=request.actor.unit)
    for case in staffing.suits(pool, request.actor).order_by("queue_at", "id")[:20]:
        try:
            verb_named(power_of(case, "claim")).action(case, actor=request.actor, now=now)
        except Refused:
            continue
        return redirect("staff:case", number=case.number)
    messages.error(request, _("No unassigned case waits for you."))
    return redirect("staff:queue_rail", rail="unassigned")
