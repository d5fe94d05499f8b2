from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WAITING_FOR = {
    "requested": "system",
    "screening": "system",
    "eligible": "staff",
    "disputed": "merchant",
    "held": "staff",
    "goodwill": "system",
    "reversing": "system",
    "stuck": "staff",
    "correcting": "system",
}
ASIDE = frozenset({"hold", "recuse", "request_recusal", "ask_account", "ask_leg", "align_stop"})


class RefundsConfig(AppConfig):
    name = "refunds"
    verbose_name = _("Free return of a loan")

    def ready(self) -> None:
        from cases import kinds
        from cases.disclosures import api as _cost_forms  # noqa: F401 - its scope is known before any address is
        from refunds import api, demo, forms, handlers, panels, watching  # noqa: F401
        from refunds.models import Refund
        from refunds.next_step import next_step
        from refunds.portal.words import CONSUMER_WORDS, next_for_consumer
        from refunds.states import FINAL, STAGES, State

        kinds.register(
            kinds.Kind(
                code="refund",
                prefix="TD",
                label=_("Free return"),
                model=Refund,
                states=dict(State.choices),
                final=FINAL,
                stages=STAGES,
                waiting_for=WAITING_FOR,
                next_step=next_step,
                way=(
                    "claim",
                    "ask_merchant",
                    "record_merchant",
                    "propose",
                    "approve",
                    "retry_leg",
                    "confirm_leg",
                    "carry_on",
                ),
                openers=("refunds.request",),
                request_lines=panels.request_lines,
                icon="arrow-return-left",
                aside=ASIDE,
                panels=panels.panels_of,
                event_detail=panels.event_detail,
                page_for_consumer="refunds.portal.views.page",
                consumer_words=CONSUMER_WORDS,
                next_for_consumer=next_for_consumer,
            )
        )
