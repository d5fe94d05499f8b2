from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CopiesConfig(AppConfig):
    name = "cases.copies"
    label = "copies"
    verbose_name = _("Copies of evidence")

    def ready(self) -> None:
        from cases.copies import handlers  # noqa: F401
