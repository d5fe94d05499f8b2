from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tests.complaints.conftest import cast, committed_cast

__all__ = ["cast", "committed_cast"]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with override("zh-hans"):
        yield
