"""Headers of every answer: nothing is cached, nothing is sent elsewhere, no device is asked for but where a page records."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` with our own forms, and the forgery check
# must refuse that. Other sites learn nothing either way.
ALWAYS = {
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
DEVICES = "Permissions-Policy"


def open_camera(response: HttpResponseBase) -> HttpResponseBase:
    """Let this one page of ours ask for camera and microphone: the person still decides in the browser."""
    closed = ALWAYS[DEVICES]
    response.headers[DEVICES] = closed.replace("camera=()", "camera=(self)").replace(
        "microphone=()", "microphone=(self)"
    )
    return response


class PrivacyHeadersMiddleware:
    """Set the headers that Django's own middleware leaves out. Static files never come this far, so all of this is private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            if name != DEVICES or name not in response.headers:
                response.headers[name] = value
        response.headers["Cache-Control"] = "no-store"
        return response
