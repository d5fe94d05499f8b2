from django.db import migrations

from cases.police.guards import OWN_REPORTS, REQUESTS


class Migration(migrations.Migration):
    """A report of the house has no consumer and comes out of no case; a request of an authority is answered once. Not reversible."""

    dependencies = [("police", "0005_house_reports")]

    operations = [migrations.RunSQL(OWN_REPORTS), migrations.RunSQL(REQUESTS)]
