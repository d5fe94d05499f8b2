"""The consumer's addresses of a mediation, in the namespace `portal`."""

from django.urls import path

from cases.mediation.portal import views

urlpatterns = [
    path("track/<slug:number>/talks/", views.act, name="mediation_act"),
    path("track/<slug:number>/offer/", views.offer, name="mediation_offer"),
    path("track/<slug:number>/agreement/", views.sign, name="mediation_sign"),
    path("track/<slug:number>/agreement/pdf/", views.paper, name="mediation_paper"),
    path("track/<slug:number>/longer/", views.longer, name="mediation_longer"),
    path("track/<slug:number>/files/", views.files, name="mediation_files"),
    path("track/<slug:number>/files/copies/<uuid:paper>/", views.shared_copy, name="mediation_copy"),
]
