"""Staff, routes and the strict GET guard of the web tests."""

from __future__ import annotations

from typing import Any

import pytest

from jike.accounts.models import User


@pytest.fixture(autouse=True)
def strict_gets(settings: Any) -> None:
    settings.STRICT_GETS = True


@pytest.fixture
def routes(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.routes"


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user(
        "liming", password="long enough", display_name="李明", staff_no="1", roles=["handler"]
    )
