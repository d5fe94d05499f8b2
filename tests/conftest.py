"""The database of the suite: `DATABASE_URL`, or a throw-away embedded one that is gone after the run."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from jike.embedded.home import Home
from jike.embedded.users import using_database
from tests import settings

# A loaded machine makes generation slow; that is no fault of the code under test.
hypothesis.settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.differing_executors],
)
hypothesis.settings.load_profile("suite")

pytest_plugins = ["tests.databases"]

database = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the throw-away database in the process that made its home; the workers of xdist find it there."""
    if settings.THROW_AWAY_HOME:
        database.enter_context(using_database(Home(Path(settings.THROW_AWAY_HOME)), throw_away=True))


def pytest_collection() -> None:
    """Policy made in the product is laid over the files' only in the tests of policy: the others read the files alone."""
    from cases.clocks import rules

    rules.overlay_with(tuple)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a process keeps for a minute would outlive the rows of a test."""
    from jike.base import kept

    kept.forget()


def pytest_unconfigure(config: pytest.Config) -> None:
    database.close()
    if settings.THROW_AWAY_HOME:
        shutil.rmtree(settings.THROW_AWAY_HOME, ignore_errors=True)
