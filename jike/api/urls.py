"""The document and the ground's own endpoints, in the namespace `api`."""

from django.urls import path

from jike.api import callbacks, pages

urlpatterns = [
    path("schema/", pages.openapi, name="schema"),
    path("docs/", pages.docs, name="docs"),
    path("v1/callbacks/<slug:provider>/", callbacks.callback, name="callback"),
]
