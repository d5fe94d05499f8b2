from django.db import migrations

from cases.mediation.guards import SESSIONS


class Migration(migrations.Migration):
    """Minutes of sessions are never edited. Not reversible."""

    dependencies = [("mediation", "0007_sessions")]

    operations = [migrations.RunSQL(SESSIONS)]
