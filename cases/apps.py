from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from cases import disputes, handlers, seals  # noqa: F401
        from cases.api import events, schema, scopes  # noqa: F401
        from cases.clocks import recounting  # noqa: F401
        from cases.operations import checks  # noqa: F401
