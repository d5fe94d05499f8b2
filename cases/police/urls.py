"""Packs for authorities on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.desk import urls as _converters  # noqa: F401 - registers the converter of case numbers
from cases.police import views

urlpatterns = [
    path("cases/<number:number>/packs/", views.packs, name="packs"),
    path("cases/<number:number>/packs/<uuid:pack>/look/", views.look, name="pack_look"),
    path("cases/<number:number>/packs/<uuid:pack>/hand-over/", views.hand_over, name="pack_hand_over"),
]
