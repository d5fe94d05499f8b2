from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WAITING_FOR = {
    "requested": "staff",
    "assessing": "staff",
    "collecting": "staff",
    "sealed": "staff",
    "filed": "system",
    "docketed": "staff",
    "hearing": "system",
    "judged": "staff",
    "appealing": "system",
    "effective": "staff",
    "enforcing": "staff",
    "court_rejected": "staff",
}
ASIDE = frozenset(
    {
        "cancel_hearing", "decline", "draft_authority", "draft_confirmation", "end_interruption", "record_interruption", "record_service",
        "record_fee", "record_sum", "recuse", "request_recusal", "rework", "settle", "settle_fee", "undo_sum", "withdraw",
    }
)  # fmt: skip
# The first of these that is open is the button that stands out: what ends a step comes before what may be done again within it.
WAY = (
    "claim", "assess", "collect", "seal", "confirm_papers", "file", "docket", "hold_hearing", "schedule_hearing", "decide_appeal",
    "take_effect", "enforce", "close", "draft_statement", "draft_list", "record_assessment", "judge",
)  # fmt: skip


class LitigationConfig(AppConfig):
    name = "cases.litigation"
    label = "litigation"
    verbose_name = _("Litigation support")

    def ready(self) -> None:
        from cases import kinds
        from cases.litigation import forms, handlers  # noqa: F401
        from cases.litigation.models import Litigation
        from cases.litigation.next_step import next_step
        from cases.litigation.panels import panels_of
        from cases.litigation.states import FINAL, STAGES, State
        from cases.litigation.told import CONSUMER_WORDS, next_for_consumer

        kinds.register(
            kinds.Kind(
                code="litigation",
                prefix="SS",
                label=_("Litigation support"),
                model=Litigation,
                states=dict(State.choices),
                final=FINAL,
                stages=STAGES,
                waiting_for=WAITING_FOR,
                next_step=next_step,
                way=WAY,
                openers=("litigation.request",),
                icon="bank",
                worked_by=("legal",),
                aside=ASIDE,
                panels=panels_of,
                page_for_consumer="cases.litigation.portal.views.page",
                consumer_words=CONSUMER_WORDS,
                next_for_consumer=next_for_consumer,
            )
        )
