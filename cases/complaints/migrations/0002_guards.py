from django.db import migrations

from cases.complaints.guards import GUARDS


class Migration(migrations.Migration):
    """The number sequence and the guards of `cases.complaints.guards`. Not reversible."""

    dependencies = [("complaints", "0001_initial"), ("cases", "0002_guards")]

    operations = [migrations.RunSQL(GUARDS)]
