"""The consumer's addresses, in the namespace `portal`."""

from django.urls import path

from cases.complaints.portal.views import filing, tracking

urlpatterns = [
    path("complain/", filing.story, name="complain"),
    path("complain/you/", filing.you, name="complain_you"),
    path("complain/code/", filing.code, name="complain_code"),
    path("complain/code/again/", filing.again, name="complain_again"),
    path("complain/check/", filing.check, name="complain_check"),
    path("complain/send/", filing.send, name="complain_send"),
    path("complain/receipt/", filing.receipt, name="complain_receipt"),
    path("complain/discard/", filing.discard, name="complain_discard"),
    path("track/", tracking.track, name="track"),
    path("track/code/", tracking.track_code, name="track_code"),
    path("track/code/again/", tracking.track_again, name="track_again"),
    path("track/sign-out/", tracking.sign_out, name="sign_out"),
    path("track/<slug:number>/", tracking.case_page, name="case"),
    path("track/<slug:number>/message/", tracking.write, name="case_message"),
    path("track/<slug:number>/withdraw/", tracking.withdraw, name="case_withdraw"),
    path("track/<slug:number>/letter/<slug:code>/", tracking.letter, name="case_letter"),
]
