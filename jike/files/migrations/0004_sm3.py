"""The national hash beside SHA-256. Older rows may get theirs once; `hash_files` computes them."""

from django.db import migrations, models

from jike.files.guards import HASHING, UNHASHING


class Migration(migrations.Migration):
    dependencies = [("files", "0003_forgetting")]
    operations = [
        migrations.AddField("storedfile", "sm3", models.BinaryField(max_length=32, null=True)),
        migrations.RunSQL(HASHING, UNHASHING),
    ]
