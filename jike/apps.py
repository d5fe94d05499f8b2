from django.apps import AppConfig, apps
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ProjectConfig(AppConfig):
    name = "jike"
    label = "jike_project"

    def ready(self) -> None:
        from jike import checks as project_checks  # noqa: F401 - models must be loaded
        from jike.base import database_roles

        connection_created.connect(database_roles.become_role, dispatch_uid="jike.become_role")
        # The signal comes once for each app with models, when all tables are there: one of them is enough.
        once = apps.get_app_config("accounts")
        post_migrate.connect(database_roles.grant_after_migrate, sender=once, dispatch_uid="jike.grant_roles")
        checks.register(database_roles.check_roles, checks.Tags.database)
