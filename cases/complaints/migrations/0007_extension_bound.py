from django.db import migrations

from cases.complaints.guards import EXTENSION_BOUND


class Migration(migrations.Migration):
    """What an extension would end is known for good only when its notice was sent: a pause may move it before."""

    dependencies = [("complaints", "0006_complaint_answers")]

    operations = [migrations.RunSQL(EXTENSION_BOUND)]
