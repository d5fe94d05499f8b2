"""Sign-in and sign-out, in the workbench's namespace `staff`."""

from django.urls import path
from django.views.i18n import set_language

from jike.accounts import views
from jike.accounts.access import public

urlpatterns = [
    path("", views.staff_home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", public(set_language), name="language"),
]
