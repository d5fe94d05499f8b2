"""The borrower's addresses, in the namespace `portal`."""

from django.urls import path

from refunds.portal import views

urlpatterns = [
    path("return/", views.start, name="return"),
    path("return/code/", views.code, name="return_code"),
    path("return/code/again/", views.again, name="return_again"),
    path("return/loans/", views.loans, name="return_loans"),
    path("return/loans/<str:loan>/", views.one_loan, name="return_loan"),
    path("track/<slug:number>/contest/", views.contest, name="return_contest"),
    path("track/<slug:number>/certificate/", views.certificate, name="return_certificate"),
]
