from django.db import migrations

from cases.ties.guards import JUDGED, UNJUDGED


class Migration(migrations.Migration):
    dependencies = [("ties", "0003_judgement")]

    operations = [migrations.RunSQL(JUDGED, UNJUDGED)]
