from django.db import migrations

from cases.mediation.guards import SECRETS


class Migration(migrations.Migration):
    """The guards of sealed rounds. Not reversible."""

    dependencies = [("mediation", "0005_rounds")]

    operations = [migrations.RunSQL(SECRETS)]
