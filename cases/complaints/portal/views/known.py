"""What the house knows once the phone has answered: the own loans to choose from, and an own complaint that is still open."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.complaints.portal import adding, drafts, pages, way
from cases.complaints.portal.drafts import draft_of
from cases.complaints.portal.models import Draft
from cases.complaints.portal.queries import loans_to_offer, open_complaints_of, own_open_complaint
from jike.accounts.access import public
from jike.base.dates import now as current_instant

FORGOTTEN = {"loan": None, "same": None}
NONE, NEW = "none", "new"
OWN = ("self", "joint")
ADDED = "added_to"


def after_proof(draft: Draft) -> str:
    """The next page once name and phone are proven: what the house can offer, then the last look."""
    if draft.answers.get("loan") is None and _loans(draft):
        return reverse("portal:complain_loan")
    if draft.answers.get("same") is None and _open(draft):
        return reverse("portal:complain_same")
    return reverse("portal:complain_check")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def loan(request: HttpRequest) -> HttpResponse:
    """Choose one of the own loans, or none. Asked of nobody whose phone has not answered."""
    now = current_instant()
    draft = draft_of(request.session, now=now)
    if not way.is_proven(draft):
        return redirect("portal:complain_you")
    offered = _loans(draft)
    chosen = request.POST.get("loan", "")
    if request.method == "POST" and chosen in {NONE, *(str(loan.pk) for loan in offered)}:
        drafts.keep(request.session, draft.with_(loan=chosen), now=now)
        return redirect(after_proof(draft))
    shown = {"loans": pages.loan_rows(offered), "chosen": draft.answers.get("loan") or ""}
    shown |= {"progress": way.progress_at(way.YOU, draft.answers), "draft": draft}
    return render(request, "complaints/portal/loan.html", shown, status=400 if request.method == "POST" else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def same(request: HttpRequest) -> HttpResponse:
    """An own complaint is still open: add to it, or file this one all the same. Shown to nobody whose phone has not answered."""
    now = current_instant()
    draft = draft_of(request.session, now=now)
    if way.unfinished(draft):
        return redirect(way.unfinished(draft))
    chosen = request.POST.get("same", "")
    if request.method == "POST" and chosen == NEW:
        drafts.keep(request.session, draft.with_(same=NEW), now=now)
        return redirect("portal:complain_check")
    if request.method == "POST" and (case := _own(draft, chosen)):
        adding.add_draft_to(case, draft, now=now)
        drafts.drop(request.session, now=now)
        request.session[ADDED] = case.number
        return redirect("portal:complain_added")
    shown = {"cases": list(_open(draft)), "progress": way.progress_at(way.YOU, draft.answers), "draft": draft}
    return render(request, "complaints/portal/same.html", shown, status=400 if request.method == "POST" else 200)


@public
@require_safe
def added(request: HttpRequest) -> HttpResponse:
    """What was written went to the complaint that is open already. To read that one, the receipt code is needed as ever."""
    number = request.session.get(ADDED)
    return render(request, "complaints/portal/added.html", {"number": number}) if number else redirect("portal:track")


def _loans(draft: Draft) -> list:
    """Only one's own: neither an agent nor an heir is shown another person's loans. Source: O2020-3 art 14."""
    if draft.answers.get("who") not in OWN:
        return []
    return loans_to_offer(draft.answers["proven"], draft.answers["name"])


def _open(draft: Draft) -> list:
    if draft.answers.get("who") not in OWN:
        return []
    return list(open_complaints_of(draft.answers["proven"], draft.answers["name"]))


def _own(draft: Draft, pk: str) -> object:
    try:
        return own_open_complaint(draft.answers["proven"], draft.answers["name"], UUID(pk))
    except ValueError:
        return None
