from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "cases.policy"
    label = "policy"
    verbose_name = _("House policy")

    def ready(self) -> None:
        from cases.clocks import rules
        from cases.policy import actions, in_force, sealing  # noqa: F401

        rules.overlay_with(in_force.clock_rows, refresh=in_force.forget)
