from django.db import migrations

import jike.privacy.fields


class Migration(migrations.Migration):
    """Where the harm was done and where the real estate lies may tell where a person lives: sealed from now on. No case has them yet."""

    dependencies = [("litigation", "0002_guards")]

    operations = [
        operation
        for name in ("tort_place", "property_place")
        for operation in (
            migrations.RemoveField("litigation", name),
            migrations.AddField("litigation", name, jike.privacy.fields.EncryptedTextField(blank=True)),
        )
    ]
