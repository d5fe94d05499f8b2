from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from jike.privacy.keys import forget_keys
from tests.privacy.samples import SAMPLES


@pytest.fixture
def samples(db: None) -> None:
    """The sample tables, gone with the test's transaction."""
    with connection.schema_editor() as editor:
        for model in SAMPLES:
            editor.create_model(model)


@pytest.fixture(autouse=True)
def cold_keys() -> Iterator[None]:
    forget_keys()
    yield
    forget_keys()
