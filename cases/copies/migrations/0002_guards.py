"""Pages stay as they were made."""

from django.db import migrations

from cases.copies.guards import GUARDS, UNGUARD


class Migration(migrations.Migration):
    dependencies = [("copies", "0001_initial"), ("cases", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
