"""Triggers that keep history as it was written."""

from django.db import migrations

from jike.privacy.guards import GUARDS, UNGUARD


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
