from django.db import migrations

from cases.clocks.guards import GUARDS, UNGUARD


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
