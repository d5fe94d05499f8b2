"""Acting on many cases at once, and saved views: the addresses beside the lists."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.desk import rails
from cases.desk.listing import Listing
from cases.forms import VerbForm, form_of
from cases.lists import bulk, saving
from cases.lists.models import Bulk, BulkRow
from cases.models import Case
from cases.queries import openable_by
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.privacy import open_sealed
from jike.web.pages import render_page_or_part

SHOWN = 200


@require_POST
def bulk_new(request: HttpRequest) -> HttpResponse:
    """Freeze what was ticked, or everything the list holds."""
    now = current_instant()
    listing = Listing(request.POST, request.POST.get("in", "mine"), request.actor, now=now)
    listing.cases = listing.cases.filter(openable_by(request.actor))
    if not request.POST.get("all"):
        listing.cases = listing.cases.filter(number__in=request.POST.getlist("case")[: bulk.MOST])
    made = bulk.draft(request.actor, request.POST.get("verb", ""), listing.ids(bulk.MOST), now=now)
    return redirect("staff:bulk", pk=made.pk)


@require_GET
def bulk_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Before: what will happen and what is skipped, and why. After: what became of each case."""
    found = bulk.bulk_for(request.actor, pk)
    if found.state == Bulk.State.DRAFT:
        shown = _preview(found, request.actor, typed={"event": request.GET.get("event", "")})
    else:
        shown = _results(found, request.actor)
    context = {"bulk": found, "rails": rails.RAILS, **shown}
    return render_page_or_part(request, "desk/bulk.html", "desk/_bulk_results.html", context)


@require_POST
def bulk_look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What would happen with these inputs. Nothing happens; what was typed travels in the body, never in an address."""
    found = bulk.bulk_for(request.actor, pk)
    if found.state != Bulk.State.DRAFT:
        return redirect("staff:bulk", pk=pk)
    context = {"bulk": found, "rails": rails.RAILS, **_preview(found, request.actor, given=request.POST)}
    return render(request, "desk/bulk.html", context | {"reason": request.POST.get("reason", "")})


def _preview(
    found: Bulk, actor: Actor, *, given: QueryDict | None = None, typed: dict[str, str] | None = None
) -> dict[str, Any]:
    cases = bulk.cases_of(found)
    judged = bulk.judged(cases, found.verb, actor, now=current_instant(), given=given)
    will, skipped = [j for j in judged if not j.blockers], [j for j in judged if j.blockers]
    first = [case for case in cases if will and case.number == will[0].number]
    form = _form_of(found, first or cases, actor, given, typed)
    return {
        "verb": next((verb for case in cases if (verb := bulk.verb_for(case, found.verb))), None),
        "form": form,
        "sample": form.sample() if form and given is not None and form.is_valid() else "",
        "leads": [case.number for case in cases[:SHOWN]]
        if found.verb == "join_mass" and not (typed or {}).get("event")
        else [],
        "will": len(will),
        "some": [j.number for j in will[:SHOWN]],
        "skipped": skipped[:SHOWN],
        "skipped_count": len(skipped),
    }


def _form_of(
    found: Bulk, cases: list[Case], actor: Actor, data: Any = None, typed: dict[str, str] | None = None
) -> VerbForm | None:
    """The form of the verb as the first case has it; every case is asked by its own when it comes to that."""
    first = next((case for case in cases if bulk.verb_for(case, found.verb)), None)
    verb = bulk.verb_for(first, found.verb) if first else None
    return form_of(verb.name)(data, case=first, actor=actor, typed=typed) if verb else None


def _results(found: Bulk, actor: Actor) -> dict[str, Any]:
    rows = found.rows.order_by("pk")
    skipped = rows.filter(outcome=BulkRow.Outcome.SKIPPED)
    return {
        "verb": next((v for case in bulk.cases_of_one(found) if (v := bulk.verb_for(case, found.verb))), None),
        "total": rows.count(),
        "done": rows.filter(outcome=BulkRow.Outcome.DONE).count(),
        "skipped_count": skipped.count(),
        "rows": list(rows.exclude(outcome="").select_related("case").order_by("outcome", "pk")[: SHOWN * 5]),
        "undoable": bulk.may_be_undone(found, now=current_instant()),
        "reason": open_sealed(found, "reason"),
    }


@require_POST
def bulk_begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = bulk.bulk_for(request.actor, pk)
    form = _form_of(found, bulk.cases_of_one(found), request.actor, request.POST)
    if form is None or not form.is_valid():
        messages.error(request, _("Fill in what the act asks for."))
        return redirect("staff:bulk", pk=pk)
    inputs = {name: str(request.POST.get(name, "")) for name in form.fields}
    bulk.begin(found, inputs=inputs, reason=request.POST.get("reason", ""), now=current_instant())
    return redirect("staff:bulk", pk=pk)


@require_POST
def bulk_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    back = bulk.undo(bulk.bulk_for(request.actor, pk), request.actor, now=current_instant())
    return redirect("staff:bulk", pk=back.pk)


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is now, with the columns that are ticked."""
    given = {name: request.POST.get(name, "") for name in ("name", "rail", "q", "order")}
    columns = ",".join(request.POST.getlist("col"))
    saving.save_view(
        request.actor, name=given["name"], rail=rails.rail_named(given["rail"]).code, query=given["q"], order=given["order"],
        columns=columns, shared=bool(request.POST.get("shared")), now=current_instant(),
    )  # fmt: skip
    messages.success(request, _("The view is saved; it stands in the list at the left."))
    asked = {"q": given["q"], "order": given["order"], "cols": columns}
    target = reverse("staff:queue_rail", args=[rails.rail_named(given["rail"]).code])
    return redirect(f"{target}?{urlencode({name: value for name, value in asked.items() if value})}")


@require_POST
def view_forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    saving.forget_view(request.actor, pk)
    return redirect("staff:queue")
