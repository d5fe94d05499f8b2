"""Evidence bundles on the workbench, in the namespace `staff`."""

from django.urls import path

from cases.bundles import views
from cases.desk import urls as _converters  # noqa: F401 - registers the converter of case numbers

urlpatterns = [
    path("cases/<number:number>/bundles/", views.bundles, name="bundles"),
    path("cases/<number:number>/bundles/<slug:verb>/", views.act, name="bundle_act"),
    path("cases/<number:number>/bundles/<uuid:bundle>/look/", views.look, name="bundle_look"),
    path("cases/<number:number>/bundles/<uuid:bundle>/hand-out/", views.hand_out, name="bundle_hand_out"),
]
