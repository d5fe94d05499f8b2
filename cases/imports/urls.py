"""Workbench routes of imports."""

from django.urls import path

from cases.imports import views

urlpatterns = [
    path("imports/", views.run_list, name="imports"),
    path("imports/<uuid:pk>/", views.run_page, name="import"),
    path("imports/<uuid:pk>/progress/", views.progress, name="import_progress"),
    path("imports/<uuid:pk>/read/", views.read, name="import_read"),
    path("imports/<uuid:pk>/columns/", views.columns, name="import_columns"),
    path("imports/<uuid:pk>/report/", views.report, name="import_report"),
    path("imports/<uuid:pk>/<slug:act>/", views.act, name="import_act"),
]
