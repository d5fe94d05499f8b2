from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LendingConfig(AppConfig):
    name = "lending"
    verbose_name = _("Lending records")

    def ready(self) -> None:
        from lending import api, sealing  # noqa: F401 - the scopes of keys are known before any address is
        from lending.cost import papers  # noqa: F401
        from lending.orders import books, callbacks, handlers  # noqa: F401
        from lending.recordings import api as _api  # noqa: F401
        from lending.recordings import handlers as _recordings  # noqa: F401
        from lending.recordings import sealing as of_recordings

        sealing.register()
        of_recordings.register()
