"""Triggers that keep history as it was written."""

from django.db import migrations

from jike.files.guards import GUARDS, UNGUARD


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
