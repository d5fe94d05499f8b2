"""Makes the yardstick's tables, staff, queues and a signed-in session; the last line printed is the session's key."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.helpdesk_project.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from helpdesk.models import CustomField, Queue, UserSettings  # noqa: E402

STAFF, QUEUES, FIELDS = 30, 8, 2


def prepare() -> str:
    """Everything but the tickets, which are copied in from outside. Returns the superuser's session key."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    users = [
        User(username=f"staff{n}", email=f"staff{n}@example.org", is_staff=True, is_superuser=n == 1)
        for n in range(1, STAFF + 1)
    ]
    User.objects.bulk_create(users, ignore_conflicts=True)
    for user in User.objects.all():
        UserSettings.objects.get_or_create(user=user)
    for n in range(1, QUEUES + 1):
        Queue.objects.get_or_create(slug=f"q{n}", defaults={"title": f"Queue {n}", "allow_public_submission": True})
    for n in range(1, FIELDS + 1):
        options = {
            "label": f"Field {n}",
            "data_type": "varchar",
            "max_length": 60,
            "required": False,
            "staff_only": True,
        }
        CustomField.objects.get_or_create(name=f"field{n}", defaults=options)
    session, user = SessionStore(), User.objects.get(username="staff1")
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(86_400)
    session.save()
    return f"{session.session_key}"


if __name__ == "__main__":
    if not settings.DATABASES["default"]["NAME"].startswith("jike_bench"):
        raise SystemExit("This is no benchmark database.")
    print(prepare())
