"""The addresses of cost forms below /api/v1/."""

from django.urls import path

from cases.disclosures import api

urlpatterns = [
    path("v1/disclosures/", api.Disclosures.as_view(), name="disclosures"),
    path("v1/disclosures/<str:application>/", api.OneDisclosure.as_view(), name="disclosure"),
]
