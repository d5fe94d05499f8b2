from django.db import migrations

from cases.search.guards import DUE, FORGET, UNGUARD


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
        ("cases", "0003_more_transitions"),
        ("privacy", "0002_guards"),
        ("outbox", "0001_initial"),
    ]

    operations = [migrations.RunSQL(DUE + FORGET, UNGUARD)]
