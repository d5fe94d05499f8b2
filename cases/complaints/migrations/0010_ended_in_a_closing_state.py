from django.db import migrations

from cases.complaints.guards import TOLD


class Migration(migrations.Migration):
    """A complaint ends in a closing state and nowhere else, whoever sets the day of its end."""

    dependencies = [("complaints", "0009_outcomes")]

    operations = [migrations.RunSQL(TOLD)]
