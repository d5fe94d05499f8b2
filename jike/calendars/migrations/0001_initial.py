from django.db import migrations, models

import jike.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="HolidayYear",
            fields=[
                (
                    "id",
                    models.UUIDField(default=jike.base.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("source", models.TextField(blank=True)),
                ("days", models.JSONField()),
                ("imported_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "version"), name="holidayyear_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="holidayyear_version_positive"
                    ),
                ],
            },
        ),
    ]
