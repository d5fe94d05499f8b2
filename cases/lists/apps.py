from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "cases.lists"
    label = "lists"

    def ready(self) -> None:
        from cases.lists import bulk  # noqa: F401
