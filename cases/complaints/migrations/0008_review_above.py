from django.db import migrations


class Migration(migrations.Migration):
    """The reviewing unit stands on the case itself, where the doors ask for it."""

    dependencies = [("complaints", "0007_extension_bound")]

    operations = [migrations.RemoveField(model_name="complaint", name="reviewing_unit")]
