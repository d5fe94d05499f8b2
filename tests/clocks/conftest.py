from collections.abc import Iterator
from typing import Any

import pytest

from jike import calendars


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    calendars.forget()
    yield
    calendars.forget()


@pytest.fixture
def case(db: None) -> Any:
    """A complaint received on 2026-09-28 at ten in the morning: CMP15 runs until 2026-10-13."""
    from cases.starter import ensure_starter_data
    from tests.factories.complaints import RECEIVED, file

    ensure_starter_data(RECEIVED)
    return file()
