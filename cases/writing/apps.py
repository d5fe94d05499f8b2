from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WritingConfig(AppConfig):
    name = "cases.writing"
    label = "writing"
    verbose_name = _("Drafts and presence")

    def ready(self) -> None:
        from cases.models import holdings
        from cases.writing import sweeping  # noqa: F401

        holdings.keep("drafts", "writing_draft WHERE case_id = cases_case.id")
        holdings.keep("looks", "writing_look WHERE case_id = cases_case.id")
