"""The merchant's pages: proving the phone, then the pages both sides share."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.mediation import proof
from cases.mediation.merchant import visits
from cases.mediation.models import Mediation
from cases.mediation.paper import agreement_download
from cases.mediation.queries import link_by_token, link_gone
from cases.mediation.talks import views
from cases.mediation.talks.places import Place, of_merchant
from cases.portal.forms import CodeForm
from cases.portal.sessions import binding_of
from cases.queries import NotVisible
from jike.accounts.access import public
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Refused

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
