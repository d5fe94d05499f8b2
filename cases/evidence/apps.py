from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "cases.evidence"
    label = "evidence"
    verbose_name = _("Evidence")

    def ready(self) -> None:
        from cases.evidence import sealing  # noqa: F401
        from cases.models import holdings

        holdings.keep("evidence", "evidence_item WHERE case_id = cases_case.id")
        holdings.keep("evidence_locks", "evidence_listlock WHERE case_id = cases_case.id")
        holdings.keep(
            "papers_to_register",
            "attachments_attachment a JOIN attachments_examination x ON x.attachment_id = a.id"
            " LEFT JOIN attachments_ruling r ON r.attachment_id = a.id"
            " WHERE a.subject = cases_case.id AND (x.verdict = 'accepted' OR r.is_released)"
            " AND NOT EXISTS (SELECT FROM evidence_item i WHERE i.attachment_id = a.id)",
        )
