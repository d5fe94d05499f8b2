from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "jike"
    label = "jike_project"

    def ready(self) -> None:
        from jike import checks  # noqa: F401, PLC0415
