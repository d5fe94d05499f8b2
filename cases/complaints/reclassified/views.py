"""The list of one period, by default of this quarter."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cases.complaints.reclassified.queries import counts_of, reclassified_for
from cases.forms import day_field
from cases.inquiries.states import Nature
from cases.queries import NotVisible
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant

POWER = "complaints.confirm_decline"
SHOWN_AT_MOST = 200


class PeriodForm(forms.Form):
    first_on = day_field(_("From"))
    last_on = day_field(_("Until"))


@require_GET
def reclassified(request: HttpRequest) -> HttpResponse:
    """Who confirms that a complaint is none sees all of them, counted by what they went on as."""
    if not request.actor.can(POWER):
        raise NotVisible("reclassified")
    today = cst_date(current_instant())
    quarter = {"first_on": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), "last_on": today}
    form = PeriodForm(request.GET if {"first_on", "last_on"} & set(request.GET) else None, initial=quarter)
    asked = form.cleaned_data if form.is_valid() else quarter
    links = reclassified_for(request.actor, **asked)
    context = {
        "form": form,
        "links": links[:SHOWN_AT_MOST],
        "counts": [(Nature(code).label, number) for code, number in counts_of(links)],
        "period": asked,
    }
    return render(request, "complaints/reclassified.html", context)
