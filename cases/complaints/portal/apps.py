from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "cases.complaints.portal"
    label = "portal"
    verbose_name = _("Consumer portal")

    def ready(self) -> None:
        from cases.complaints.portal import issued, timers  # noqa: F401
