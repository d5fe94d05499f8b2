"""The cases of one merchant and of one salesperson, newest first: `cases_case` is large, so it stays open for writing meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0012_salesperson")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                name=f"case_of_{whom}",
                fields=[whom, "-received_at", "-id"],
                condition=models.Q(**{f"{whom}__isnull": False}),
            ),
        )
        for whom in ("merchant", "salesperson")
    ]
