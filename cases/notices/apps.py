from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "cases.notices"
    label = "notices"
    verbose_name = _("Notices to the staff")

    def ready(self) -> None:
        from cases.notices import handlers  # noqa: F401
