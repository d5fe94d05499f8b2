"""Drafts and presence, in the namespace `staff`."""

from django.urls import path

from cases.desk import converters  # noqa: F401 - addresses of cases hold a number
from cases.writing import views

urlpatterns = [
    path("cases/<number:number>/present/", views.present, name="present"),
    path("cases/<number:number>/drafts/<slug:verb>/", views.keep, name="keep_draft"),
]
