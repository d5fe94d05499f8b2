from django.db import migrations, models
from django.db.models import Q

from cases.guards import MOVE_NEEDS_EVENT

WHO = Q(actor_kind="staff", actor_id__isnull=False, actor_person__isnull=False) | Q(
    actor_kind__in=["consumer", "merchant", "machine", "import"]
)


class Migration(migrations.Migration):
    """Every event names who did what, a case ends with an event, and a decision is announced once by each channel."""

    dependencies = [("cases", "0009_after_the_decision")]

    operations = [
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                name="event_names_who_and_what", condition=~Q(verb="") & ~Q(actor_label="") & WHO
            ),
        ),
        migrations.RunSQL(MOVE_NEEDS_EVENT),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                name="message_notice_once",
                fields=["decision", "channel", "party"],
                condition=Q(purpose="decision", is_incoming=False),
                nulls_distinct=False,
            ),
        ),
    ]
