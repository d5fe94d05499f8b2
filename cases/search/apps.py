from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "cases.search"
    label = "search"

    def ready(self) -> None:
        from cases.search import indexing  # noqa: F401
