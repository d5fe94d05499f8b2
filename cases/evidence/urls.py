"""The register of evidence on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.desk import urls as _converters  # noqa: F401 - registers the converter of case numbers
from cases.evidence import views

urlpatterns = [
    path("cases/<number:number>/evidence/", views.register, name="evidence"),
    path("cases/<number:number>/evidence/<slug:verb>/", views.act, name="evidence_act"),
    path("cases/<number:number>/evidence/<uuid:paper>/custody/", views.history, name="custody"),
    path("cases/<number:number>/papers/<uuid:paper>/file/original/", views.original, name="paper_original"),
]
