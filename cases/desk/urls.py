"""Workbench routes of cases, in the namespace `staff`. One URL per verb."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from cases.desk import views


class NumberConverter(StringConverter):
    """A case number: letters, date, hyphen, counter."""

    regex = "[A-Z]{2}[0-9]{8}-[0-9]{5,}"


register_converter(NumberConverter, "number")

urlpatterns = [
    path("queue/", views.queue_page, name="queue"),
    path("queue/counts/", views.rail_counts, name="rail_counts"),
    path("queue/<slug:rail>/", views.queue_page, name="queue_rail"),
    path("find/", views.find_case, name="find"),
    path("approvals/", views.approvals, name="approvals"),
    path("cases/<number:number>/", views.case_page, name="case"),
    path("cases/<number:number>/preview/", views.preview_message, name="preview_message"),
    path("cases/<number:number>/documents/<str:code>/", views.document, name="document"),
    path("cases/<number:number>/reveal/<uuid:party>/<slug:field>/", views.reveal, name="reveal"),
    path("cases/<number:number>/<slug:verb>/", views.act, name="act"),
]
