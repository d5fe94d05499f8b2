"""The borrower's addresses of recordings, in the namespace `portal`."""

from django.urls import path

from lending.recordings.portal import views

urlpatterns = [
    path("recording/<slug:token>/", views.home, name="recording"),
    path("recording/<slug:token>/code/", views.send_code, name="recording_code"),
    path("recording/<slug:token>/enter/", views.enter, name="recording_enter"),
    path("recording/<slug:token>/consent/", views.consent, name="recording_consent"),
    path("recording/<slug:token>/parts/", views.parts, name="recording_parts"),
    path("recording/<slug:token>/parts/<uuid:part>/", views.part, name="recording_part"),
    path("recording/<slug:token>/marks/", views.marks, name="recording_marks"),
    path("recording/<slug:token>/finish/", views.finish, name="recording_finish"),
    path("my/recordings/", views.mine, name="own_recordings"),
    path("my/recordings/start/", views.start, name="own_recordings_start"),
    path("my/recordings/code/", views.start_code, name="own_recordings_code"),
    path("my/recordings/sign-out/", views.sign_out, name="own_recordings_sign_out"),
]
