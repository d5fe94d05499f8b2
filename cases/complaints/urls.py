"""Workbench routes of complaints, in the namespace `staff`."""

from django.urls import path

from cases.complaints import views
from cases.complaints.portal.views import mirror
from cases.desk import converters  # noqa: F401 - addresses of cases hold a number

urlpatterns = [
    path("post/", views.post, name="post"),
    path("post/print/", views.post_batch, name="post_batch"),
    path("cases/<number:number>/as/consumer/", mirror.as_consumer, name="as_consumer"),
]
