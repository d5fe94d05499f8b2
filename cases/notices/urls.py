"""Routes of notices, in the namespace `staff`."""

from django.urls import path

from cases.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/count/", views.count, name="notice_count"),
    path("notices/read/", views.read, name="notice_read"),
    path("notices/settings/", views.settings, name="notice_settings"),
]
