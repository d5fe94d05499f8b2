"""The merchant's pages: proving the phone, then the pages both sides share."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.mediation import actions, proof
from cases.mediation.merchant import people, visits
from cases.mediation.models import Mediation
from cases.mediation.paper import agreement_download
from cases.mediation.queries import link_by_token, link_gone
from cases.mediation.rules.delegating import colleagues_of
from cases.mediation.talks import views
from cases.mediation.talks.places import Place, of_merchant
from cases.portal.forms import CodeForm
from cases.portal.sessions import binding_of
from cases.queries import NotVisible
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.files.receiving import receive_in_memory
from jike.web.csrf import SpaceCsrfMiddleware

CHALLENGE = "opening"


@public
@require_safe
def home(request: HttpRequest, token: str) -> HttpResponse:
    """The case to whoever has answered the code; to everybody else where a code can be sent, and nothing of the case."""
    found = visits.entered(request, token)
    if found:
        return views.home(request, *found, of_merchant(token))
    return _door(request, token, CodeForm())


@public
@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code to the phone the link was issued for, whoever asks: the answer shows its mask only."""
    asked = {"session_key": binding_of(request.session), "address": request.META.get("REMOTE_ADDR", "")}
    try:
        challenge = proof.ask_for_link_code(token, now=current_instant(), **asked)
    except NotVisible:
        return redirect(of_merchant(token).home)
    except Refused as refused:
        request.refused = refused
        form = CodeForm()
        form.add_refusal(refused)
        return _door(request, token, form, status=refused.http_status)
    request.session[CHALLENGE] = str(challenge)
    return redirect(of_merchant(token).home)


@public
@sensitive_post_parameters()
@require_POST
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the code; the browser gets a new session key and the case opens."""
    form = CodeForm(request.POST)
    challenge = request.session.get(CHALLENGE, "")
    if not form.is_valid():
        return _door(request, token, form, status=400)
    given = {"session_key": binding_of(request.session), "now": current_instant()}
    try:
        actor = proof.open_link(token, challenge, form.cleaned_data["code"], **given)
    except NotVisible:
        return redirect(of_merchant(token).home)
    except Refused as refused:
        request.refused = refused
        form.add_refusal(refused)
        return _door(request, token, form, status=400)
    request.session.pop(CHALLENGE, None)
    request.session.cycle_key()
    visits.open_visit(request.session, actor)
    return redirect(of_merchant(token).home)


@public
@require_POST
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """A link that ran out is sent anew to the phone it was for. The page after says the same whether there was one or not."""
    try:
        proof.renew_link(token, now=current_instant())
    except (NotVisible, Refused):
        pass
    return redirect(f"{of_merchant(token).home}?asked=1")


@public
@sensitive_post_parameters()
@require_POST
@visits.by_link
def act(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    return views.act(request, case, actor, place)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@visits.by_link
def offer(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    return views.offer(request, case, actor, place)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@visits.by_link
def sign(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    return views.sign(request, case, actor, place)


@public
@require_safe
@visits.by_link
def paper(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponseBase:
    """The signed agreement as a file."""
    return agreement_download(case, actor)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@visits.by_link
def longer(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    return views.longer(request, case, actor, place)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, token: str) -> HttpResponseBase:
    """Nothing a stranger sends is read; then the handler stands in place before the form's token is checked like everywhere else."""
    if visits.entered(request, token) is None:
        return redirect(of_merchant(token).home)
    receive_in_memory(request)
    return _files(request, token)


@decorator_from_middleware(SpaceCsrfMiddleware)
@visits.by_link
def _files(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    return views.papers(request, case, actor, place)


@public
@require_safe
@visits.by_link
def shared_copy(request: HttpRequest, case: Mediation, actor: Actor, place: Place, paper: UUID) -> HttpResponseBase:
    """A copy of a paper of the matter that was released to the merchant."""
    return views.shared_copy(request, case, actor, place, paper=paper)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@visits.by_link
def people_page(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """Who takes part for the merchant, and naming one more."""
    now, form, status = current_instant(), people.ColleagueForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.delegate(case, actor=actor, now=now, **form.cleaned_data)
            return redirect(place.people)
        except Refused as refused:
            request.refused, status = refused, refused.http_status
            form.add_refusal(refused)
    shown = people.people_context(case, actor, form if form.is_bound else None, now=now) | {"place": place}
    status = status if status != 200 or not form.errors else 400
    return render(request, "mediation/merchant/people.html", shown, status=status)


@public
@require_POST
@visits.by_link
def end_delegation(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """Take a colleague out again."""
    number, key = request.POST.get("colleague", ""), request.POST.get("key", "")[:64]
    colleague = next((link for link in colleagues_of(case) if str(link.number) == number), None)
    try:
        actions.end_delegation(case, actor=actor, now=current_instant(), key=key, colleague=colleague)
    except Refused as refused:
        request.refused = refused
        shown = people.people_context(case, actor, None, now=current_instant())
        shown |= {"place": place, "stopped": refused.blockers}
        return render(request, "mediation/merchant/people.html", shown, status=refused.http_status)
    return redirect(place.people)


@public
@require_safe
@visits.by_link
def cases(request: HttpRequest, case: Mediation, actor: Actor, place: Place) -> HttpResponse:
    """The merchant's open cases under the number that has just answered a code; each opens by its own link and code."""
    shown = {"place": place, "case": case, "cases": people.open_cases(actor, now=current_instant())}
    return render(request, "mediation/merchant/cases.html", shown)


@public
@require_POST
def sign_out(request: HttpRequest, token: str) -> HttpResponse:
    request.session.flush()
    return redirect(of_merchant(token).home)


def _door(request: HttpRequest, token: str, form: CodeForm, *, status: int = 200) -> HttpResponse:
    """Where the code is asked for; a link that opens nothing says so, and how a new one is had."""
    now, context = current_instant(), {"place": of_merchant(token), "form": form}
    try:
        link = link_by_token(token, now=now)
    except NotVisible:
        gone = {"was_asked": "asked" in request.GET, "may_renew": link_gone(token, now=now)}
        return render(request, "mediation/merchant/gone.html", context | gone, status=404)
    context |= {"sent_to": link.phone_mask, "is_sent": CHALLENGE in request.session}
    return render(request, "mediation/merchant/door.html", context, status=status)
