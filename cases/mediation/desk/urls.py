"""The addresses of the talks on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.mediation.desk import views

urlpatterns = [
    path("cases/<case:number>/talks/", views.talks, name="talks"),
    path("cases/<case:number>/talks/offer/<slug:side>/", views.offer, name="talks_offer"),
    path("cases/<case:number>/talks/answer/", views.answer, name="talks_answer"),
]
