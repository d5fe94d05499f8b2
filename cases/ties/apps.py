from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TiesConfig(AppConfig):
    name = "cases.ties"
    label = "ties"
    verbose_name = _("How cases hang together")

    def ready(self) -> None:
        from cases.ties import alarms, clustering, sealing  # noqa: F401
