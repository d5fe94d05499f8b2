"""The addresses of cases below /api/v1/."""

from django.urls import path

from cases.api import bundles, evidence, reference, seals, subscriptions, uploads, views
from cases.complaints.api import Complaints, OneComplaint
from cases.litigation.api import Litigations, OneLitigation
from cases.mediation.api import Mediations, OneMediation
from cases.police.api import OnePoliceReport, PoliceReports

urlpatterns = [
    path("v1/cases/", views.Cases.as_view(), name="cases"),
    path("v1/cases/<str:number>/", views.OneCase.as_view(), name="case"),
    path("v1/cases/<str:number>/events/", views.Events.as_view(), name="case_events"),
    path("v1/cases/<str:number>/clocks/", views.Clocks.as_view(), name="case_clocks"),
    path("v1/cases/<str:number>/messages/", views.Messages.as_view(), name="case_messages"),
    path("v1/cases/<str:number>/evidence/", evidence.Evidence.as_view(), name="case_evidence"),
    path("v1/cases/<str:number>/evidence/<uuid:pk>/custody/", evidence.OneCustody.as_view(), name="case_custody"),
    path("v1/cases/<str:number>/bundles/", bundles.Bundles.as_view(), name="case_bundles"),
    path(
        "v1/cases/<str:number>/bundles/<uuid:pk>/document/", bundles.OneDocument.as_view(), name="case_bundle_document"
    ),
    path("v1/cases/<str:number>/bundles/<uuid:pk>/package/", bundles.OnePackage.as_view(), name="case_bundle_package"),
    path("v1/cases/<str:number>/uploads/", uploads.Uploads.as_view(), name="case_uploads"),
    path("v1/cases/<str:number>/uploads/<uuid:pk>/", uploads.OneUpload.as_view(), name="case_upload"),
    path("v1/cases/<str:number>/verbs/", views.Verbs.as_view(), name="case_verbs"),
    path("v1/cases/<str:number>/verbs/<str:verb>/", views.DoVerb.as_view(), name="case_verb"),
    path("v1/complaints/", Complaints.as_view(), name="complaints"),
    path("v1/complaints/<str:number>/", OneComplaint.as_view(), name="complaint"),
    path("v1/mediations/", Mediations.as_view(), name="mediations"),
    path("v1/mediations/<str:number>/", OneMediation.as_view(), name="mediation"),
    path("v1/litigations/", Litigations.as_view(), name="litigations"),
    path("v1/litigations/<str:number>/", OneLitigation.as_view(), name="litigation"),
    path("v1/police-reports/", PoliceReports.as_view(), name="police_reports"),
    path("v1/police-reports/<str:number>/", OnePoliceReport.as_view(), name="police_report"),
    path("v1/merchants/", reference.Merchants.as_view(), name="merchants"),
    path("v1/calendar/", reference.CalendarOfYear.as_view(), name="calendar"),
    path("v1/ledger/heads/", seals.Heads.as_view(), name="ledger_heads"),
    path("v1/ledger/entries/", seals.Entries.as_view(), name="ledger_entries"),
    path("v1/ledger/proofs/inclusion/", seals.Inclusion.as_view(), name="ledger_inclusion"),
    path("v1/ledger/proofs/consistency/", seals.Consistency.as_view(), name="ledger_consistency"),
    path("v1/ledger/proofs/<str:number>/", seals.Proof.as_view(), name="ledger_proof"),
    path("v1/webhooks/", subscriptions.Webhooks.as_view(), name="webhooks"),
    path("v1/webhooks/<str:pk>/", subscriptions.OneWebhook.as_view(), name="webhook"),
]
