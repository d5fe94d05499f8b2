from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "jike.outbox"
    label = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from jike.ledger.sources import when_clean
        from jike.outbox import sealing  # noqa: F401 - timer and handler
        from jike.outbox.pulses import note_verified

        when_clean(note_verified)
