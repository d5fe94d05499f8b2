"""Workbench routes of cases, in the namespace `staff`. One URL per verb."""

from django.urls import path

from cases.desk import converters, glance, list_views, staffing, taking, tasks, team, views  # noqa: F401 - addresses of cases hold a number

urlpatterns = [
    path("palette/", glance.palette, name="palette"),
    path("cases/<number:number>/glance/", glance.glance, name="glance"),
    path("queue/", views.queue_page, name="queue"),
    path("queue/counts/", views.rail_counts, name="rail_counts"),
    path("queue/<slug:rail>/", views.queue_page, name="queue_rail"),
    path("queue/<slug:rail>/count/", views.queue_count, name="queue_count"),
    path("queue/<slug:rail>/news/", views.queue_news, name="queue_news"),
    path("bulk/", list_views.bulk_new, name="bulk_new"),
    path("bulk/<uuid:pk>/", list_views.bulk_page, name="bulk"),
    path("bulk/<uuid:pk>/look/", list_views.bulk_look, name="bulk_look"),
    path("bulk/<uuid:pk>/begin/", list_views.bulk_begin, name="bulk_begin"),
    path("bulk/<uuid:pk>/undo/", list_views.bulk_undo, name="bulk_undo"),
    path("views/", list_views.view_save, name="view_save"),
    path("views/<uuid:pk>/forget/", list_views.view_forget, name="view_forget"),
    path("find/", views.find_case, name="find"),
    path("tasks/", tasks.my_tasks, name="tasks"),
    path("approvals/", views.approvals, name="approvals"),
    path("relations/", staffing.relations, name="relations"),
    path("relations/<uuid:pk>/end/", staffing.relation_end, name="relation_end"),
    path("team/", team.team, name="team"),
    path("team/leave/", team.leave, name="team_leave"),
    path("team/skills/", team.skills, name="team_skills"),
    path("team/<str:staff_no>/redistribute/", team.redistribute, name="redistribute"),
    path("next/", team.take_next, name="take_next"),
    path("cases/<number:number>/", views.case_page, name="case"),
    path("cases/<number:number>/preview/<slug:verb>/", views.preview_verb, name="preview"),
    path("cases/<number:number>/documents/<str:code>/", views.document, name="document"),
    path("cases/<number:number>/timeline.csv", taking.timeline_csv, name="timeline_csv"),
    path("cases/<number:number>/reveal/<uuid:party>/<slug:field>/", views.reveal, name="reveal"),
    path("cases/<number:number>/<slug:verb>/", views.act, name="act"),
]
