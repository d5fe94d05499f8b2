from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BundlesConfig(AppConfig):
    name = "cases.bundles"
    label = "bundles"
    verbose_name = _("Evidence bundles")

    def ready(self) -> None:
        from cases.bundles import handlers, issued  # noqa: F401
        from cases.models import holdings

        holdings.keep("bundles", "bundles_bundle WHERE case_id = cases_case.id")
