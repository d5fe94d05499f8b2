from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WAITING_FOR = {
    "requested": "staff",
    "preparing": "staff",
    "ready": "consumer",
    "reported": "authority",
    "reviewing": "authority",
    "docketed": "staff",
    "not_docketed": "consumer",
    "reconsidering": "authority",
    "rereviewing": "authority",
}
ASIDE = frozenset(
    {
        "add_material",
        "answer_request",
        "correct_day",
        "decline",
        "prepare_again",
        "record_end",
        "record_request",
        "record_visit",
        "recuse",
        "request_recusal",
        "state_capacity",
        "strike_loss",
        "withdraw",
    }
)
HOLDINGS = {
    "losses": "police_loss WHERE case_id = cases_case.id",
    "materials": "police_material WHERE case_id = cases_case.id",
    "packs": "police_pack WHERE case_id = cases_case.id",
    "statements": "police_statement WHERE case_id = cases_case.id",
}


# The first of these that is possible stands out: what comes last in a state stands before what is possible all along.
WAY = (
    "claim",
    "begin",
    "mark_ready",
    "confirm_statement",
    "settle_material",
    "draft_statement",
    "record_report",
    "begin_review",
    "ask_reconsideration",
    "ask_rereview",
    "record_reconsideration",
    "close",
)


class PoliceConfig(AppConfig):
    name = "cases.police"
    label = "police"
    verbose_name = _("Police reports")

    def ready(self) -> None:
        from cases import kinds
        from cases.police import forms, handlers, issued  # noqa: F401
        from cases.police.asked import lines_of
        from cases.police.models import PoliceReport
        from cases.police.next_step import nature_of, next_for_consumer, next_step
        from cases.police.panels import panels_of
        from cases.police.states import CONSUMER_WORDS, FINAL, STAGES, State

        kinds.register(
            kinds.Kind(
                code="police_report",
                prefix="XS",
                label=_("Police report"),
                model=PoliceReport,
                states=dict(State.choices),
                final=FINAL,
                stages=STAGES,
                waiting_for=WAITING_FOR,
                next_step=next_step,
                way=WAY,
                openers=("police.request", "police.open_own"),
                request_lines=lines_of,
                icon="shield-exclamation",
                nature_of=nature_of,
                aside=ASIDE,
                panels=panels_of,
                holdings=HOLDINGS,
                page_for_consumer="cases.police.portal.views.page",
                consumer_words=CONSUMER_WORDS,
                next_for_consumer=next_for_consumer,
            )
        )
