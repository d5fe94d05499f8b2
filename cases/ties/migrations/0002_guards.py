from django.db import migrations

from cases.ties.guards import FORGET, UNGUARD


class Migration(migrations.Migration):
    dependencies = [("ties", "0001_initial"), ("privacy", "0002_guards")]

    operations = [migrations.RunSQL(FORGET, UNGUARD)]
