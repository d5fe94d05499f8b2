"""The policy pages, in the namespace `staff`."""

from django.urls import path

from cases.policy import views

urlpatterns = [
    path("policy/", views.policy_shelf, name="policies"),
    path("policy/export/", views.export, name="policy_export"),
    path("policy/version/<uuid:pk>/", views.policy_page, name="policy"),
    path("policy/version/<uuid:pk>/<slug:verb>/", views.act, name="policy_act"),
    path("policy/<slug:subject>/", views.policy_shelf, name="policy_subject"),
    path("policy/<slug:subject>/new/", views.new_version, name="policy_new"),
    path("policy/<slug:subject>/<str:code>/new/", views.new_version, name="policy_new_version"),
]
