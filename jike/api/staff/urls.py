"""The administrators' pages about programs, in the namespace `staff`."""

from django.urls import path

from jike.api.staff import views

urlpatterns = [
    path("admin/keys/", views.key_list, name="api_keys"),
    path("admin/keys/<uuid:pk>/revoke/", views.revoke_key, name="api_key_revoke"),
    path("admin/webhooks/", views.shipment_list, name="webhooks"),
    path("admin/webhooks/<uuid:pk>/replay/", views.replay_shipment, name="webhook_replay"),
]
