import pytest

from cases.starter import ensure_starter_data
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.people import cast as make_cast


@pytest.fixture
def cast(db) -> Cast:
    ensure_starter_data(RECEIVED)
    return make_cast()
