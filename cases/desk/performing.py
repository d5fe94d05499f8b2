"""Doing a verb that has a page of its own: one of those the page names, with the key and the version its form carries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.http import Http404, HttpRequest

from cases.models import Case
from jike.base.dates import now as current_instant
from jike.verbs import Verb, verbs_of


def verb_among(case: Case, name: str, names: Collection[str]) -> Verb:
    """The verb of the case with this short name, if the page has it. Raises Http404."""
    found = next((verb for verb in verbs_of(type(case)) if verb.short_name == name and name in names), None)
    if found is None:
        raise Http404(name)
    return found


def perform(request: HttpRequest, case: Case, verb: Verb, inputs: Mapping[str, Any]) -> None:
    """Do it as the person who asks. Raises `Refused` with every reason, and then nothing has changed."""
    key, version = request.POST.get("key", ""), request.POST.get("version", "")
    since = int(version) if version.isdigit() else None
    verb.action(case, actor=request.actor, now=current_instant(), key=key, version=since, **inputs)
