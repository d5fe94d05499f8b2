"""`celery -A jike worker|beat`: Django first, then the application with its tasks."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jike.settings")

import django

django.setup()

from jike.outbox import tasks  # noqa: E402, F401
from jike.outbox.application import app  # noqa: E402

__all__ = ["app"]
