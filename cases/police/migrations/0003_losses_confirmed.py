from django.db import migrations

from cases.police.guards import LOSSES_CONFIRMED


class Migration(migrations.Migration):
    """A report is ready only with losses that its statement knew. Not reversible."""

    dependencies = [("police", "0002_guards")]

    operations = [migrations.RunSQL(LOSSES_CONFIRMED)]
