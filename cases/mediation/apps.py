from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WAITING_FOR = {
    "proposed": "consumer",
    "consented": "staff",
    "invited": "merchant",
    "negotiating": "staff",
    "agreed": "system",
    "performing": "merchant",
    "breached": "staff",
}
ASIDE = frozenset(
    {
        "apply_confirmation",
        "decide_confirmation",
        "issue_link",
        "recuse",
        "request_recusal",
        "revoke_link",
        "write",
        "propose_longer",
        "answer_longer",
        "take_back_offers",
        "end_delegation",
    }
)


class MediationConfig(AppConfig):
    name = "cases.mediation"
    label = "mediation"
    verbose_name = _("Merchant mediation")

    def ready(self) -> None:
        from cases import kinds
        from cases.bundles import beside
        from cases.mediation import forms, handlers  # noqa: F401
        from cases.mediation.models import Mediation
        from cases.mediation.next_step import next_step
        from cases.mediation.panels import panels_of
        from cases.mediation.released import released_offers
        from cases.mediation.states import FINAL, STAGES, State
        from cases.mediation.told import CONSUMER_WORDS, next_for_consumer

        beside.add(released_offers)
        kinds.register(
            kinds.Kind(
                code="mediation",
                prefix="TJ",
                label=_("Mediation"),
                model=Mediation,
                states=dict(State.choices),
                final=FINAL,
                stages=STAGES,
                waiting_for=WAITING_FOR,
                next_step=next_step,
                way=("claim", "consent", "invite", "take_part", "draft_agreement", "confirm_term", "open_litigation"),
                openers=("mediation.propose",),
                icon="people",
                nature_of=Mediation.get_form_display,
                aside=ASIDE,
                worked_by=("handler", "mediator"),
                panels=panels_of,
                page_for_consumer="cases.mediation.portal.views.page",
                consumer_words=CONSUMER_WORDS,
                next_for_consumer=next_for_consumer,
            )
        )
