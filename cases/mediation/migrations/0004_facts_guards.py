from django.db import migrations

from cases.mediation.guards import FACTS


class Migration(migrations.Migration):
    """The guards of the facts a merchant is asked about. Not reversible."""

    dependencies = [("mediation", "0003_facts")]

    operations = [migrations.RunSQL(FACTS)]
