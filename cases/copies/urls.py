"""Pages and copies of papers on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.copies import views
from cases.desk import urls as _converters  # noqa: F401 - registers the converter of case numbers

PAPER = "cases/<number:number>/papers/<uuid:paper>/"

urlpatterns = [
    path(PAPER + "pages/open/", views.look, name="pages_look"),
    path(PAPER + "pages/", views.pages, name="pages"),
    path(PAPER + "pages/sheets/", views.sheets, name="pages_sheets"),
    path(PAPER + "pages/thumbnail/", views.thumbnail, name="pages_thumbnail"),
    path(PAPER + "pages/<int:page>/", views.picture, name="pages_picture"),
    path(PAPER + "copies/<slug:audience>/", views.cover, name="copies"),
    path(PAPER + "copies/<slug:audience>/file/", views.download, name="copy_file"),
    path(PAPER + "copies/<slug:audience>/<slug:verb>/", views.act, name="copy_act"),
]
