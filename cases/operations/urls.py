"""The operations page, in the namespace `staff`."""

from django.urls import path

from cases.operations import views

urlpatterns = [
    path("operations/", views.operations, name="operations"),
    path("operations/jobs/<uuid:pk>/retry/", views.retry, name="operations_retry"),
]
