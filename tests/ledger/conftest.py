from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from jike import ledger
from jike.ledger import sources
from tests.ledger import samples as s


@pytest.fixture
def samples(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sample tables and their source, gone with the test; no other source is asked."""
    monkeypatch.setattr(sources, "_SOURCES", {})
    with connection.schema_editor() as editor:
        for model in s.SAMPLES:
            editor.create_model(model)
    ledger.register_source(
        s.SOURCE, s.digests_of, expected_length=s.versions_of, rows_of=s.rows_of, subjects=s.subjects
    )
    yield
