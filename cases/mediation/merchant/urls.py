"""The merchant's addresses, in the namespace `portal`."""

from django.urls import path

from cases.mediation.merchant import views

urlpatterns = [
    path("m/<slug:token>/", views.home, name="merchant_home"),
    path("m/<slug:token>/code/", views.send_code, name="merchant_code"),
    path("m/<slug:token>/enter/", views.enter, name="merchant_enter"),
    path("m/<slug:token>/renew/", views.renew, name="merchant_renew"),
    path("m/<slug:token>/act/", views.act, name="merchant_act"),
    path("m/<slug:token>/offer/", views.offer, name="merchant_offer"),
    path("m/<slug:token>/agreement/", views.sign, name="merchant_sign"),
    path("m/<slug:token>/agreement/pdf/", views.paper, name="merchant_paper"),
    path("m/<slug:token>/longer/", views.longer, name="merchant_longer"),
    path("m/<slug:token>/files/", views.files, name="merchant_files"),
    path("m/<slug:token>/files/copies/<uuid:paper>/", views.shared_copy, name="merchant_copy"),
    path("m/<slug:token>/people/", views.people_page, name="merchant_people"),
    path("m/<slug:token>/people/end/", views.end_delegation, name="merchant_people_end"),
    path("m/<slug:token>/cases/", views.cases, name="merchant_cases"),
    path("m/<slug:token>/sign-out/", views.sign_out, name="merchant_sign_out"),
]
