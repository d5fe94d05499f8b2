from collections.abc import Iterator

import pytest

from cases.starter import ensure_starter_data
from jike import calendars
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.people import cast as make_cast


@pytest.fixture
def cast(db) -> Cast:
    ensure_starter_data(RECEIVED)
    return make_cast()


@pytest.fixture(autouse=True)
def _fresh_calendar() -> Iterator[None]:
    calendars.forget()
    yield
    calendars.forget()


@pytest.fixture(autouse=True)
def _quiet_doorbell(settings) -> None:
    settings.OUTBOX_DOORBELL = False
