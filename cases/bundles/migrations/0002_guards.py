"""What went into a bundle and what came of it is final; it leaves by the vote of a second person."""

from django.db import migrations

from cases.bundles.guards import GUARDS, UNGUARD


class Migration(migrations.Migration):
    dependencies = [("bundles", "0001_initial"), ("cases", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
