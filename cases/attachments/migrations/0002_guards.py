"""Papers of a case are final."""

from django.db import migrations

from cases.attachments.guards import GUARDS, UNGUARD


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_initial"), ("cases", "0001_initial")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
