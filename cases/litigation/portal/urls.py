"""The consumer's addresses of a litigation, in the namespace `portal`."""

from django.urls import path

from cases.litigation.portal import views

urlpatterns = [
    path("track/<slug:number>/court/", views.act, name="litigation_act"),
    path("track/<slug:number>/court/papers/<uuid:pk>/", views.paper, name="litigation_own_paper"),
]
