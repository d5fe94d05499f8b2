from django.db import migrations

from cases.inquiries.guards import ENDS


class Migration(migrations.Migration):
    """A question stays converted although the receipt of its complaint was corrected later."""

    dependencies = [("inquiries", "0002_guards")]

    operations = [migrations.RunSQL(ENDS)]
