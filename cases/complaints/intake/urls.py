"""Workbench routes of the intake."""

from django.urls import path

from cases.complaints.intake import views

urlpatterns = [
    path("intake/", views.intake, name="intake"),
    path("intake/known/", views.known, name="intake_known"),
    path("intake/receipt/", views.receipt, name="intake_receipt"),
]
