from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttachmentsConfig(AppConfig):
    name = "cases.attachments"
    label = "attachments"
    verbose_name = _("Attachments")

    def ready(self) -> None:
        from cases.attachments import examining, handlers, joining  # noqa: F401
        from cases.models import holdings

        holdings.keep("papers", "attachments_attachment WHERE subject = cases_case.id")
