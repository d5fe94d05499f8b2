from django.db import migrations

from cases.litigation.guards import FEES


class Migration(migrations.Migration):
    """A fee of a court never changes; it is settled once. Not reversible."""

    dependencies = [("litigation", "0004_court_fees")]

    operations = [migrations.RunSQL(FEES)]
