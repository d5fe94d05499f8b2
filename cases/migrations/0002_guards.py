from django.db import migrations

from cases.guards import all_guards


class Migration(migrations.Migration):
    """The triggers of `cases.guards`. Not reversible: history is never without its guards."""

    dependencies = [("cases", "0001_initial"), ("ledger", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(all_guards())]
