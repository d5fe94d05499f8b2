"""Papers of a case on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.attachments import views
from cases.desk import urls as _converters  # noqa: F401 - registers the converter of case numbers

urlpatterns = [
    path("held/", views.held, name="held"),
    path("cases/<number:number>/papers/list/", views.papers, name="papers"),
    path("cases/<number:number>/papers/add/", views.add, name="paper_add"),
    path("cases/<number:number>/papers/uploads/", views.upload_new, name="upload_new"),
    path("cases/<number:number>/papers/uploads/<uuid:upload>/", views.upload, name="upload"),
    path("cases/<number:number>/papers/<uuid:paper>/rule/", views.rule, name="paper_rule"),
    path("cases/<number:number>/papers/<uuid:paper>/<slug:size>/", views.picture, name="paper_picture"),
]
