"""Signing in and out of the workbench."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jike.accounts.access import public
from jike.accounts.spaces import STAFF


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password. The session key is new after each sign-in; failures are counted by django-axes."""
    target = _safe_target(request)
    if request.user.is_authenticated and request.method != "POST":
        return redirect(target)
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.flush()
        login(request, form.get_user())
        return redirect(target)
    return render(request, "accounts/sign_in.html", {"form": form, "target": target})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect("staff:sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    return redirect("/staff/queue/")


def _safe_target(request: HttpRequest) -> str:
    """Where to go after signing in: a page of the workbench, never another site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure())
    return target if is_ours and target.startswith(STAFF.path) else STAFF.path
