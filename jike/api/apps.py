"""The API app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "jike.api"
    label = "api"
    verbose_name = _("Programming interface")

    def ready(self) -> None:
        from jike.api import shipping, sweep  # noqa: F401
