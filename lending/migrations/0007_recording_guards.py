"""What the database refuses about recordings."""

from django.db import migrations

from lending.recordings.guards import FINAL_ROWS, GUARDS


class Migration(migrations.Migration):
    dependencies = [("lending", "0006_recordings"), ("ledger", "0001_initial"), ("privacy", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS + FINAL_ROWS, migrations.RunSQL.noop)]
