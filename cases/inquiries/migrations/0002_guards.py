from django.db import migrations

from cases.inquiries.guards import GUARDS


class Migration(migrations.Migration):
    """The number sequence and the guards of `cases.inquiries.guards`. Not reversible."""

    dependencies = [
        ("inquiries", "0001_initial"),
        ("cases", "0002_guards"),
        ("clocks", "0001_initial"),
        ("cases", "0004_link"),
    ]

    operations = [migrations.RunSQL(GUARDS)]
