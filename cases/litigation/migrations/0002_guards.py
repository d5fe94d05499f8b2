from django.db import migrations

from cases.litigation.guards import GUARDS


class Migration(migrations.Migration):
    """The number sequence and the guards of `cases.litigation.guards`. Not reversible."""

    dependencies = [
        ("litigation", "0001_initial"),
        ("bundles", "0001_initial"),
        ("cases", "0002_guards"),
        ("cases", "0004_link"),
    ]

    operations = [migrations.RunSQL(GUARDS)]
