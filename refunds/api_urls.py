"""The addresses of returns and loans below /api/v1/."""

from django.urls import path

from refunds import api

urlpatterns = [
    path("v1/refunds/", api.Refunds.as_view(), name="refunds"),
    path("v1/refunds/<str:number>/", api.OneRefund.as_view(), name="refund"),
    path("v1/loans/", api.Loans.as_view(), name="loans"),
    path("v1/loans/<str:loan>/", api.OneLoan.as_view(), name="loan"),
]
