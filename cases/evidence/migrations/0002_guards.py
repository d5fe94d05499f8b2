"""Evidence is superseded and not removed, its numbers have no gap, custody is only added to and sealed."""

from django.db import migrations

from cases.evidence.guards import GUARDS, UNGUARD


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
        ("attachments", "0005_judgement_guards"),
        ("ledger", "0004_tree_guards"),
    ]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
