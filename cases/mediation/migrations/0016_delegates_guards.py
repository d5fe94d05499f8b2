from django.db import migrations

from cases.mediation.side_guards import DELEGATES


class Migration(migrations.Migration):
    """Colleagues are named by whoever holds the merchant's own link; whoever signs for the merchant may. Not reversible."""

    dependencies = [("mediation", "0015_delegates")]

    operations = [migrations.RunSQL(DELEGATES)]
