from django.db import migrations

from cases.policy.guards import GUARDS


class Migration(migrations.Migration):
    """The guards of `cases.policy.guards`. Not reversible."""

    dependencies = [("policy", "0001_initial"), ("cases", "0002_guards"), ("ledger", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS)]
