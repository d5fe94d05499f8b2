from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "jike.privacy"

    def ready(self) -> None:
        from jike.privacy import checks  # noqa: F401
