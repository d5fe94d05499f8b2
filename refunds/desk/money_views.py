"""The workbench views of money: the returns that wait, legs without an end, what merchants owe, and the day in both books."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.desk import rails
from cases.queries import NotVisible
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from lending.orders.books import ask_for_statement
from refunds.desk import money


@require_GET
def returns(request: HttpRequest, bucket: str = "stuck") -> HttpResponse:
    """The returns of one list, with cause, age and the next act."""
    chosen = money.BY_CODE.get(bucket)
    if chosen is None or not _may_list(request):
        raise NotVisible(bucket)
    now = current_instant()
    context = {
        "buckets": money.counts(request.actor),
        "bucket": chosen,
        "rows": money.queue(request.actor, chosen, now=now),
        "legs": money.leg_counts(request.actor),
        "owed": money.owed_by_merchants(request.actor, now=now),
        "may_see_books": request.actor.can(money.BOOKS),
    }
    return render(request, "refunds/desk/returns.html", context | {"rails": rails.RAILS})


@require_GET
def legs(request: HttpRequest) -> HttpResponse:
    """Legs without an end, each with asking or ordering anew."""
    if not _may_list(request):
        raise NotVisible("legs")
    state = request.GET.get("state", "")
    rows = money.open_legs(request.actor, state=state, now=current_instant())
    context = {"rows": rows, "state": state, "legs": money.leg_counts(request.actor), "rails": rails.RAILS}
    return render(request, "refunds/desk/legs.html", context)


@require_GET
def clawbacks(request: HttpRequest) -> HttpResponse:
    """What merchants have not given back, by merchant."""
    if not _may_list(request):
        raise NotVisible("clawbacks")
    owed = money.owed_by_merchants(request.actor, now=current_instant())
    return render(request, "refunds/desk/clawbacks.html", {"owed": owed, "rails": rails.RAILS})


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """A day in our book and in the core system's own."""
    context = money.day_page(_day(request)) | {"rails": rails.RAILS, "today": cst_date(current_instant())}
    return render(request, "refunds/desk/day.html", context)


@require_GET
def day_orders(request: HttpRequest) -> HttpResponse:
    """The orders behind one number of a day."""
    on, kind, which = _day(request), request.GET.get("kind", ""), request.GET.get("which", "")
    rows = money.orders_of_day(on, kind, which)
    context = {"rows": rows, "day": on, "may_open": _may_list(request), "rails": rails.RAILS}
    return render(request, "refunds/desk/day_orders.html", context)


@require_POST
def day_ask(request: HttpRequest) -> HttpResponse:
    """Have the core system's book of the day taken now."""
    on = _day(request)
    if ask_for_statement(on, now=current_instant()):
        messages.success(request, _("The core system is being asked for its book. Look again in a moment."))
    else:
        messages.info(request, _("It was asked for within the last minute."))
    return redirect(f"{request.path.removesuffix('ask/')}?on={on.isoformat()}")


def _may_list(request: HttpRequest) -> bool:
    return bool(request.actor.can("cases.list") or request.actor.can("cases.read_masked_all"))


def _day(request: HttpRequest) -> date:
    if not request.actor.can(money.BOOKS):
        raise NotVisible("books")
    typed = request.POST.get("on") or request.GET.get("on", "")
    today = cst_date(current_instant())
    try:
        return min(date.fromisoformat(typed), today)
    except ValueError:
        return today
