from django.db import migrations

from cases.mediation.side_guards import LONGER


class Migration(migrations.Migration):
    """A mediation is lengthened with the yes of both sides alone. Not reversible."""

    dependencies = [("mediation", "0011_longer_periods"), ("clocks", "0001_initial")]

    operations = [migrations.RunSQL(LONGER)]
