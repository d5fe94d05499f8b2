from django.db import migrations

from cases.mediation.side_guards import RELEASES


class Migration(migrations.Migration):
    """An offer goes into a bundle with the consent of both sides alone. Not reversible."""

    dependencies = [("mediation", "0013_releases"), ("bundles", "0003_beside")]

    operations = [migrations.RunSQL(RELEASES)]
