from django.db import migrations

from cases.mediation.side_guards import EXHIBITS


class Migration(migrations.Migration):
    """A file comes by a link in force and lies with the case it came from. Not reversible."""

    dependencies = [("mediation", "0009_exhibits")]

    operations = [migrations.RunSQL(EXHIBITS)]
