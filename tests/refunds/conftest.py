from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lending.orders.fake import FakeLending
from tests.complaints.conftest import committed_cast, replies
from tests.lending import documents
from tests.people import Cast
from tests.people import cast as make_cast

__all__ = ["committed_cast", "replies"]


@pytest.fixture
def cast(db: None) -> Cast:
    """Units, institutions, terms and everybody a return meets."""
    documents.starter()
    return make_cast()


@pytest.fixture
def core(settings: Any) -> Iterator[FakeLending]:
    settings.OUTBOX_DOORBELL = False
    with FakeLending() as fake:
        settings.LENDING_URL = fake.url
        yield fake
