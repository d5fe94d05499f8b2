"""Recordings on the workbench, in the namespace `staff`."""

from django.urls import path

from lending.recordings.desk import views

urlpatterns = [
    path("recordings/", views.recordings, name="recordings"),
    path("recordings/schedule/", views.schedule, name="recording_schedule"),
    path("recordings/scripts/", views.scripts, name="scripts"),
    path("recordings/scripts/<uuid:pk>/approve/", views.approve_script, name="script_approve"),
    path("recordings/<uuid:pk>/", views.recording, name="recording"),
    path("recordings/<uuid:pk>/counter/", views.counter, name="recording_counter"),
    path("recordings/<uuid:pk>/decide/", views.decide, name="recording_decide"),
    path("recordings/<uuid:pk>/film/<int:part>/", views.film, name="recording_film"),
    path("recordings/<uuid:pk>/parts/", views.parts, name="recording_parts"),
    path("recordings/<uuid:pk>/parts/<uuid:part>/", views.part, name="recording_part"),
    path("recordings/<uuid:pk>/marks/", views.marks, name="recording_marks"),
    path("recordings/<uuid:pk>/finish/", views.finish, name="recording_finish"),
    path("recordings/<uuid:pk>/do/<slug:act>/", views.act, name="recording_act"),
]
