from collections.abc import Iterator

import pytest

from cases.clocks import rules as clock_rules
from cases.policy import in_force
from tests.complaints.conftest import cast, committed_cast

__all__ = ["cast", "committed_cast"]


@pytest.fixture(autouse=True)
def read_policy() -> Iterator[None]:
    """Here, and only here, policy made in the product is laid over the files'."""
    in_force.forget()
    clock_rules.overlay_with(in_force.clock_rows, refresh=in_force.forget)
    yield
    clock_rules.overlay_with(tuple)
    in_force.forget()
