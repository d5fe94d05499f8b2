from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WritingConfig(AppConfig):
    name = "cases.writing"
    label = "writing"
    verbose_name = _("Drafts and presence")

    def ready(self) -> None:
        from cases.writing import sweeping  # noqa: F401
