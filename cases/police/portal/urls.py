"""The consumer's addresses of police reports, in the namespace `portal`. The page itself is that of every case."""

from django.urls import path

from cases.police.portal import views

urlpatterns = [
    path("track/<slug:number>/statement/", views.statement, name="police_statement"),
    path("track/<slug:number>/statement/code/", views.code, name="police_statement_code"),
    path("track/<slug:number>/statement/code/again/", views.again, name="police_statement_again"),
    path("track/<slug:number>/no-help/", views.withdraw, name="police_withdraw"),
]
