"""Loans and returns on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.desk import converters  # noqa: F401 - addresses of cases hold a number
from refunds.desk import money_views, views

urlpatterns = [
    path("cases/<number:number>/loan/", views.case_loan, name="case_loan"),
    path("loans/", views.find, name="loans"),
    path("loans/receipt/", views.receipt, name="return_receipt"),
    path("loans/<str:loan>/", views.loan, name="loan"),
    path("loans/<str:loan>/return/", views.take_in, name="return_take_in"),
    path("loans/<str:loan>/cost/<int:version>/", views.cost_form, name="cost_form"),
    path("loans/<str:loan>/cost/<int:version>/paper/", views.cost_form_paper, name="cost_form_paper"),
    path("returns/", money_views.returns, name="returns"),
    path("returns/legs/", money_views.legs, name="return_legs"),
    path("returns/clawbacks/", money_views.clawbacks, name="return_clawbacks"),
    path("returns/day/", money_views.day, name="return_day"),
    path("returns/day/ask/", money_views.day_ask, name="return_day_ask"),
    path("returns/day/orders/", money_views.day_orders, name="return_day_orders"),
    path("returns/<slug:bucket>/", money_views.returns, name="returns_of"),
]
