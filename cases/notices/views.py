"""The bell, the list of notices, and how one wants to have them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.desk import rails
from cases.notices import page
from cases.notices.actions import choose, read_notices
from cases.notices.forms import SettingsForm
from cases.notices.queries import unread_count
from jike.base.dates import now as current_instant
from jike.web.pages import wants_part


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/notices.html", page.list_context(request.actor) | {"rails": rails.RAILS})


@require_GET
def count(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/_bell.html", {"unread": unread_count(request.actor), "is_counted": True})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read or done, or all that are no task."""
    try:
        ids = [UUID(text) for text in request.POST.getlist("notice")]
    except ValueError:
        return HttpResponse(status=400)
    read_notices(request.actor, now=current_instant(), ids=ids)
    if wants_part(request):
        return render(request, "notices/_notices.html", page.list_context(request.actor))
    return redirect("staff:notices")


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    initial = page.settings_initial(request.actor)
    form = SettingsForm(request.POST or None, initial=initial, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        choose(request.actor, **form.inputs())
        messages.success(request, _("Your settings were saved."))
        return redirect("staff:notice_settings")
    status = 400 if request.method == "POST" else 200
    return render(request, "notices/settings.html", {"form": form, "rails": rails.RAILS}, status=status)
