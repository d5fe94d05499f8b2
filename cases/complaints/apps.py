from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "cases.complaints"
    label = "complaints"
    verbose_name = _("Complaints")

    def ready(self) -> None:
        from cases import kinds
        from cases.complaints import forms, handlers  # noqa: F401
        from cases.complaints.models import Complaint
        from cases.complaints.next_step import next_step
        from cases.complaints.portal import issued  # noqa: F401
        from cases.complaints.states import FINAL, STAGES, State
        from cases.imports import historical  # noqa: F401

        kinds.register(
            kinds.Kind(
                code="complaint",
                prefix="TS",
                label=_("Complaint"),
                model=Complaint,
                states=dict(State.choices),
                final=FINAL,
                stages=STAGES,
                waiting_for={
                    "received": "staff",
                    "investigating": "staff",
                    "deciding": "approver",
                    "decided": "system",
                    "notified": "staff",
                },
                next_step=next_step,
                way=("claim", "accept", "propose_decision", "approve_decision", "close"),
                openers=("complaints.file",),
                after_delivery=handlers.after_delivery,
            )
        )
