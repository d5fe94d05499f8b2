from django.db import migrations

from cases.police.guards import GUARDS


class Migration(migrations.Migration):
    """The number sequence and the guards of `cases.police.guards`. Not reversible."""

    dependencies = [
        ("police", "0001_initial"),
        ("cases", "0004_link"),
        ("clocks", "0002_guards"),
    ]

    operations = [migrations.RunSQL(GUARDS)]
