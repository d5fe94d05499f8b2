"""The verification page, in the namespace `portal`."""

from django.urls import path

from jike.web.verify import views

urlpatterns = [path("verify/", views.verify, name="verify")]
