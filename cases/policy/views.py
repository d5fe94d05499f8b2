"""The policy pages of the workbench: the shelf, one version with its difference and gates, and its verbs."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.desk import rails
from cases.policy import actions, forms, shelf
from cases.policy.models import PolicyVersion
from cases.policy.queries import policy_for
from cases.policy.rehearsal import rehearsal_of
from cases.policy.variables import VARIABLES
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant
from jike.verbs import verbs_of

FORMS: dict[str, Any] = {"return": forms.ReturnForm, "approve": forms.ApproveForm, "edit": forms.VersionForm}
CLICKS = ("propose", "drop")


def _may_read(request: HttpRequest) -> None:
    if not request.actor.can("policy.read"):
        raise Http404("policy")


@require_GET
def policy_shelf(request: HttpRequest, subject: str = "reply") -> HttpResponse:
    _may_read(request)
    if subject not in PolicyVersion.Subject.values:
        raise Http404(subject)
    places = shelf.shelf_of(subject, request.actor, on=cst_date(current_instant()))
    context = {"places": places, "subject": subject, "subjects": PolicyVersion.Subject.choices, "rails": rails.RAILS}
    return render(request, "policy/shelf.html", context | {"may_draft": request.actor.can("policy.draft")})


@require_http_methods(["GET", "POST"])
def new_version(request: HttpRequest, subject: str, code: str = "") -> HttpResponse:
    """A new version of something on the shelf; without a code, a reply text that does not exist yet."""
    _may_read(request)
    if subject not in PolicyVersion.Subject.values or not (code or subject == PolicyVersion.Subject.REPLY):
        raise Http404(subject)
    today = cst_date(current_instant())
    kind = forms.VersionForm if code else forms.NewReplyForm
    first = {"content": shelf.text_in_force(subject, code, on=today), "effective_from": today} if code else {}
    form = kind(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        words = {"code": code, **form.cleaned_data}
        made = actions.draft_policy(
            actor=request.actor, now=current_instant(), key=request.POST.get("key", ""), subject=subject, **words
        )
        return redirect("staff:policy", pk=made.pk)
    context = {"form": form, "subject": subject, "code": code, "key": _key(request), **_aside(subject)}
    status = 400 if request.method == "POST" else 200
    return render(request, "policy/edit.html", context, status=status)


@require_GET
def policy_page(request: HttpRequest, pk: str) -> HttpResponse:
    policy = policy_for(request.actor, pk)
    now = current_instant()
    context = {
        "policy": policy,
        "lines": shelf.diff_of(policy, on=cst_date(now)),
        "rehearsal": rehearsal_of(policy, now=now) if policy.state != "dropped" else None,
        "gates": [(v, v.why_not(policy, request.actor, now=now)) for v in verbs_of(PolicyVersion) if not v.opens],
        "acts": policy.acts.all(),
        "rails": rails.RAILS,
        "key": _key(request),
        "clicks": CLICKS,
    }
    return render(request, "policy/policy.html", context)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: str, verb: str) -> HttpResponse:
    policy = policy_for(request.actor, pk)
    chosen = next((v for v in verbs_of(PolicyVersion) if v.short_name == verb and not v.opens), None)
    if chosen is None or (verb in CLICKS and request.method == "GET"):
        raise Http404(verb)
    form = FORMS[verb](request.POST or None, initial=_initial(policy)) if verb in FORMS else None
    if request.method == "POST" and (form is None or form.is_valid()):
        inputs = form.cleaned_data if form else {}
        chosen.action(policy, actor=request.actor, now=current_instant(), key=request.POST.get("key", ""), **inputs)
        messages.success(request, _("Done: %(verb)s") % {"verb": chosen.label})
        return redirect("staff:policy", pk=policy.pk)
    context = {"form": form, "policy": policy, "verb": chosen, "key": _key(request), **_aside(policy.subject)}
    context["blockers"] = chosen.why_not(policy, request.actor, now=current_instant())
    return render(request, "policy/edit.html", context, status=400 if request.method == "POST" else 200)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    _may_read(request)
    text = shelf.exported(request.actor, on=cst_date(current_instant()))
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="policy.yaml"'
    return answer


def _initial(policy: PolicyVersion) -> dict[str, Any]:
    return {
        "title": policy.title,
        "content": policy.content,
        "effective_from": policy.effective_from,
        "content_sha256": policy.content_sha256,
    }


def _aside(subject: str) -> dict[str, Any]:
    return {"rails": rails.RAILS, "variables": VARIABLES if subject == PolicyVersion.Subject.REPLY else ()}


def _key(request: HttpRequest) -> str:
    return request.POST.get("key") or secrets.token_hex(16)
