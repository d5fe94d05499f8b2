"""The workbench route of the list."""

from django.urls import path

from cases.complaints.reclassified import views

urlpatterns = [path("reclassified/", views.reclassified, name="reclassified")]
