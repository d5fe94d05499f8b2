"""What is covered is said of an item's own pages, version by version; copies and previews stay as they were made."""

from django.db import migrations

from cases.copies.guards import COPY_GUARDS, COPY_UNGUARD


class Migration(migrations.Migration):
    dependencies = [("copies", "0003_coverings"), ("cases", "0002_guards"), ("evidence", "0002_guards")]
    operations = [migrations.RunSQL(COPY_GUARDS, COPY_UNGUARD)]
