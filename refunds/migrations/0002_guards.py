from django.db import migrations

from refunds.guards import GUARDS


class Migration(migrations.Migration):
    """The number sequence and the guards of `refunds.guards`. Not reversible."""

    dependencies = [
        ("refunds", "0001_initial"),
        ("cases", "0019_certificate"),
        ("lending", "0004_loans_on_record"),
    ]

    operations = [migrations.RunSQL(GUARDS)]
