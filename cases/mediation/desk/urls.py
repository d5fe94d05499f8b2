"""The addresses of the talks on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.desk import urls as _converters  # noqa: F401 - registers the converter of case numbers
from cases.mediation.desk import views

urlpatterns = [
    path("cases/<number:number>/talks/", views.talks, name="talks"),
    path("cases/<number:number>/talks/offer/<slug:side>/", views.offer, name="talks_offer"),
    path("cases/<number:number>/talks/write/<slug:side>/", views.write, name="talks_write"),
    path("cases/<number:number>/talks/round/", views.open_round, name="talks_round"),
    path("cases/<number:number>/talks/answer/", views.answer, name="talks_answer"),
]
