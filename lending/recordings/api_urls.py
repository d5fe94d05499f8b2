"""The addresses of recordings and of the gate below /api/v1/."""

from django.urls import path

from lending.recordings import api

urlpatterns = [
    path("v1/recordings/", api.Recordings.as_view(), name="recordings"),
    path("v1/recordings/<uuid:pk>/", api.OneRecording.as_view(), name="recording"),
    path("v1/recordings/<uuid:pk>/consent/", api.Consents.as_view(), name="recording_consent"),
    path("v1/recordings/<uuid:pk>/parts/", api.Parts.as_view(), name="recording_parts"),
    path("v1/recordings/<uuid:pk>/parts/<uuid:part>/", api.OnePart.as_view(), name="recording_part"),
    path("v1/recordings/<uuid:pk>/marks/", api.Marks.as_view(), name="recording_marks"),
    path("v1/recordings/<uuid:pk>/finish/", api.Finish.as_view(), name="recording_finish"),
    path("v1/disbursement-permissions/", api.Permissions.as_view(), name="disbursement_permissions"),
]
