"""The consumer's side of a mediation: the pages both sides share, behind the consumer's own door."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.mediation.models import Mediation
from cases.mediation.paper import agreement_download
from cases.mediation.queries import mediation_for
from cases.mediation.talks import views
from cases.mediation.talks.places import of_consumer
from cases.portal.sessions import own
from jike.accounts.access import public
from jike.base.actors import Actor

own_mediation = own(mediation_for)


@own_mediation
def page(request: HttpRequest, case: Mediation, actor: Actor) -> HttpResponse:
    return views.home(request, case, actor, of_consumer(case.number))


@public
@sensitive_post_parameters()
@require_POST
@own_mediation
def act(request: HttpRequest, case: Mediation, actor: Actor) -> HttpResponse:
    return views.act(request, case, actor, of_consumer(case.number))


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_mediation
def offer(request: HttpRequest, case: Mediation, actor: Actor) -> HttpResponse:
    return views.offer(request, case, actor, of_consumer(case.number))


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_mediation
def sign(request: HttpRequest, case: Mediation, actor: Actor) -> HttpResponse:
    return views.sign(request, case, actor, of_consumer(case.number))


@public
@require_safe
@own_mediation
def paper(request: HttpRequest, case: Mediation, actor: Actor) -> HttpResponseBase:
    """The signed agreement as a file."""
    return agreement_download(case, actor)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_mediation
def longer(request: HttpRequest, case: Mediation, actor: Actor) -> HttpResponse:
    return views.longer(request, case, actor, of_consumer(case.number))


@public
@require_safe
@own_mediation
def files(request: HttpRequest, case: Mediation, actor: Actor) -> HttpResponse:
    """What the merchant handed in, as far as copies were released to the consumer."""
    return views.papers(request, case, actor, of_consumer(case.number))


@public
@require_safe
@own_mediation
def shared_copy(request: HttpRequest, case: Mediation, actor: Actor, paper: UUID) -> HttpResponseBase:
    return views.shared_copy(request, case, actor, of_consumer(case.number), paper=paper)
