"""One view that reads the session and the user, two statements, and says who it is."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def whoami(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        str(request.user.pk) if request.user.is_authenticated else "nobody",
        status=200 if request.user.is_authenticated else 403,
    )


urlpatterns = [path("floor/", whoami)]
