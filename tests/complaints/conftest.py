from collections.abc import Iterator

import pytest

from cases.policy import in_force
from cases.starter import ensure_starter_data
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.people import cast as make_cast


@pytest.fixture
def cast(db) -> Cast:
    """Units, institutions and everybody a complaint meets."""
    ensure_starter_data(RECEIVED)
    return make_cast()


@pytest.fixture
def committed_cast(own_database) -> Cast:
    """The same people in a database of their own, where every commit is real."""
    ensure_starter_data(RECEIVED)
    return make_cast()


@pytest.fixture(autouse=True)
def replies() -> Iterator[None]:
    """No reply text of one test is in force in the next: what is kept in memory outlives a rolled-back database."""
    yield
    in_force.forget()
