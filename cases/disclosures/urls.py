"""The pages of a cost form, in the namespace `portal`."""

from django.urls import path

from cases.disclosures import views

urlpatterns = [
    path("loan-cost/<str:token>/", views.start, name="cost_form"),
    path("loan-cost/<str:token>/code/", views.send_code, name="cost_form_code"),
    path("loan-cost/<str:token>/enter/", views.enter, name="cost_form_enter"),
    path("loan-cost/<str:token>/confirm/", views.confirm, name="cost_form_confirm"),
    path("loan-cost/<str:token>/paper/", views.paper, name="cost_form_paper"),
]
