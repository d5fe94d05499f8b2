from typing import Any

from django.db import migrations

from jike.base.dates import now
from jike.base.ids import uuid7
from jike.calendars.notices import shipped_notices


def store(apps: Any, schema_editor: Any) -> None:
    """Put the notices that come with the product in force as version 1 of their years."""
    rows = apps.get_model("calendars", "HolidayYear")
    rows.objects.bulk_create(
        rows(id=uuid7(), year=notice.year, version=1, source=notice.source, days=list(notice.days), imported_at=now())
        for notice in shipped_notices()
    )


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_guards")]

    operations = [migrations.RunPython(store, migrations.RunPython.noop)]
