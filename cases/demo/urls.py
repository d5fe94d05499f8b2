"""The demo page, in the namespace `portal`."""

from django.urls import path

from cases.demo import views

urlpatterns = [path("demo/", views.demo, name="demo")]
