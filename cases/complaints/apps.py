from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ASIDE = frozenset(
    {
        "add_facts", "add_party", "add_source", "add_task", "agree_deadline", "ask_merge", "ask_receipt_time", "correct_facts", "flag",
        "form_mass", "forward_to_funder", "join_mass", "leave_mass", "link", "name_salesperson", "open_house_report", "open_litigation", "open_mediation", "open_police_report", "record_funder_reply", "record_joint", "record_post", "recuse",
        "reply_source", "request_recusal", "send_reply", "skip_task", "split_off", "transfer", "unlink", "verify_authority", "withdraw",
    }
)  # fmt: skip

HOLDINGS = {
    "attempts": "complaints_attempt WHERE case_id = cases_case.id",
    "new_facts": "complaints_newfacts WHERE case_id = cases_case.id",
    "open_extensions": "complaints_extension WHERE case_id = cases_case.id AND outcome = ''",
    "open_pauses": "complaints_clockpause WHERE case_id = cases_case.id AND resumed_at IS NULL",
    "open_surveys": "complaints_survey WHERE case_id = cases_case.id AND answered_at IS NULL",
    "promises": "complaints_redress WHERE case_id = cases_case.id",
    "statements": "complaints_statement WHERE case_id = cases_case.id",
    "supplements": "complaints_supplementrequest WHERE case_id = cases_case.id",
}

WAITING_FOR = {
    "received": "staff",
    "supplementing": "consumer",
    "investigating": "staff",
    "deciding": "approver",
    "decided": "system",
    "notified": "staff",
    "reviewing": "staff",
    "declined": "system",
}


class ComplaintsConfig(AppConfig):
    name = "cases.complaints"
    label = "complaints"
    verbose_name = _("Complaints")

    def ready(self) -> None:
        from cases import kinds
        from cases.complaints import asked, forms, handlers, panels, previews  # noqa: F401
        from cases.complaints.models import Complaint
        from cases.complaints.next_step import next_step
        from cases.complaints.portal import issued, queries  # noqa: F401
        from cases.complaints.states import CONSUMER_WORDS, FINAL, STAGES, State
        from cases.complaints.wordings import TOLD_BY
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
                waiting_for=WAITING_FOR,
                next_step=next_step,
                way=("claim", "accept", "propose_decision", "approve_decision", "close"),
                openers=("complaints.file", "complaints.take_in"),
                after_delivery=handlers.after_delivery,
                searched=("claim", "narrative", "answers", "merchant_named"),
                request_lines=asked.lines_of,
                aside=ASIDE,
                untold=frozenset({"decided", "declined"}),
                panels=panels.panels_of,
                holdings=HOLDINGS,
                told_by=frozenset(TOLD_BY) | {"complaints.message"},
                foretold=previews.foretold,
                drafted=previews.drafted,
                page_for_consumer="cases.complaints.portal.views.tracking.complaint_page",
                is_mirrored=True,
                consumer_words=CONSUMER_WORDS,
                next_for_consumer=partial(next_step, for_consumer=True),
                has_new_phone=queries.has_new_phone,
            )
        )
