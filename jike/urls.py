"""Every address of the product. The only module of `jike` that looks up; nobody imports it.

Three namespaces gather the routes of many apps: `portal` at `/`, `staff` under `/staff/` and `api` under `/api/`. An app joins by naming its URL
module in the list of its space.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from jike.web import views

PORTAL = [
    "jike.web.urls",
    "jike.web.verify.urls",
    "cases.complaints.portal.urls",
    "cases.litigation.portal.urls",
    "cases.mediation.portal.urls",
    "cases.mediation.merchant.urls",
    "cases.police.portal.urls",
    "lending.recordings.portal.urls",
    "refunds.portal.urls",
    "cases.disclosures.urls",
    "cases.demo.urls",
]
STAFF = [
    "jike.accounts.urls",
    "jike.api.staff.urls",
    "cases.policy.urls",
    "cases.operations.urls",
    "cases.writing.urls",
    "cases.ties.urls",
    "cases.evidence.urls",
    "cases.copies.urls",
    "cases.bundles.urls",
    "lending.recordings.desk.urls",
    "cases.litigation.urls",
    "cases.police.urls",
    "cases.mediation.desk.urls",
    "refunds.desk.urls",
    "cases.desk.urls",
    "cases.attachments.urls",
    "cases.complaints.urls",
    "cases.notices.urls",
    "cases.imports.urls",
    "cases.complaints.intake.urls",
    "cases.complaints.reclassified.urls",
]
API = [
    "jike.api.urls",
    "cases.api.urls",
    "lending.api_urls",
    "cases.disclosures.api_urls",
    "refunds.api_urls",
    "lending.recordings.api_urls",
]


def routes_of(modules: list[str]) -> list[URLPattern | URLResolver]:
    return [route for name in modules if find_spec(name) for route in import_module(name).urlpatterns]


urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("staff/", include((routes_of(STAFF), "staff"))),
    path("api/", include((routes_of(API), "api"))),
    path("", include((routes_of(PORTAL), "portal"))),
]

handler400 = "jike.web.views.bad_request"
handler403 = "jike.web.views.forbidden"
handler404 = "jike.web.views.not_found"
handler500 = "jike.web.views.server_error"
