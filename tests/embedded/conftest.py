"""Homes of their own for the tests of the launcher."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jike.embedded.home import Home
from tests.embedded.accounts import stop_and_remove


@pytest.fixture
def home() -> Iterator[Home]:
    """An empty home of the account that runs the suite."""
    path = Path(tempfile.mkdtemp(prefix="jike-home-"))
    path.chmod(0o700)
    yield Home(path)
    stop_and_remove(path)
