"""The portal's front door, in the namespace `portal`."""

from django.urls import path
from django.views.i18n import set_language

from jike.accounts.access import public
from jike.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("large-text/", views.large_text, name="large_text"),
    path("language/", public(set_language), name="language"),
]
