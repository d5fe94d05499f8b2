"""Papers of a litigation on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.desk import urls as _converters  # noqa: F401 - registers the converter of case numbers
from cases.litigation import views

urlpatterns = [
    path("cases/<number:number>/court-papers/<uuid:pk>/", views.paper, name="litigation_paper"),
]
