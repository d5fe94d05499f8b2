from django.db import migrations

from cases.mediation.guards import GUARDS


class Migration(migrations.Migration):
    """The number sequence and the guards of `cases.mediation.guards`. Not reversible."""

    dependencies = [
        ("mediation", "0001_initial"),
        ("cases", "0002_guards"),
        ("cases", "0004_link"),
    ]

    operations = [migrations.RunSQL(GUARDS)]
