"""The panel beside a case, clusters and mass events, in the namespace `staff`."""

from django.urls import path

from cases.desk import converters  # noqa: F401 - addresses of cases hold a number
from cases.ties import views

urlpatterns = [
    path("cases/<number:number>/ties/", views.ties, name="ties"),
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/<uuid:pk>/", views.cluster, name="cluster"),
    path("clusters/<uuid:pk>/judge/", views.cluster_judge, name="cluster_judge"),
    path("clusters/<uuid:pk>/gather/", views.cluster_gather, name="cluster_gather"),
    path("events/", views.events, name="mass_events"),
    path("events/<uuid:pk>/", views.event, name="mass_event"),
    path("events/<uuid:pk>/act/", views.event_act, name="mass_event_act"),
    path("bulk/<uuid:pk>/event/", views.event_new, name="mass_event_new"),
]
