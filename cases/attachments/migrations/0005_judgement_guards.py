"""What was found in a paper and what was decided about it are final."""

from django.db import migrations

from cases.attachments.guards import JUDGEMENTS, JUDGEMENTS_UNGUARD


class Migration(migrations.Migration):
    dependencies = [("attachments", "0004_examinations_and_uploads")]
    operations = [migrations.RunSQL(JUDGEMENTS, JUDGEMENTS_UNGUARD)]
