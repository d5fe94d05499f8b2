"""The addresses below /api/v1/ by which the core lending system tells terms and institutions."""

from django.urls import path

from lending import api

urlpatterns = [
    path("v1/terms/", api.TermsEndpoint.as_view(), name="terms"),
    path("v1/funders/", api.FundersEndpoint.as_view(), name="funders"),
]
