from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InquiriesConfig(AppConfig):
    name = "cases.inquiries"
    label = "inquiries"
    verbose_name = _("Questions and reports")

    def ready(self) -> None:
        from cases import kinds
        from cases.inquiries import forms, handlers  # noqa: F401
        from cases.inquiries.models import Inquiry
        from cases.inquiries.next_step import next_step
        from cases.inquiries.states import CONSUMER_WORDS, FINAL, STAGES, State

        kinds.register(
            kinds.Kind(
                code="inquiry",
                prefix="ZX",
                label=_("Question or report"),
                model=Inquiry,
                states=dict(State.choices),
                final=FINAL,
                stages=STAGES,
                waiting_for={"received": "staff", "answered": "staff", "routed": "authority"},
                next_step=next_step,
                way=("claim", "route", "answer", "conclude"),
                openers=("inquiries.file", "inquiries.file_from"),
                after_delivery=handlers.after_delivery,
                searched=("narrative", "merchant_named"),
                icon="question-circle",
                nature_of=Inquiry.get_nature_display,
                page_for_consumer="cases.inquiries.portal.page",
                consumer_words=CONSUMER_WORDS,
                next_for_consumer=partial(next_step, for_consumer=True),
            )
        )
