"""Rows of files whose key was destroyed may be deleted."""

from django.db import migrations

from jike.files.guards import FORGETTING


class Migration(migrations.Migration):
    dependencies = [("files", "0002_guards"), ("privacy", "0001_initial")]
    operations = [migrations.RunSQL(FORGETTING, migrations.RunSQL.noop)]
