"""The first load of the portal's pages: small enough for an old phone and a slow line, and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

LIMIT_BYTES = 100_000


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("path", ["/", "/complain/", "/track/", "/verify/"])
def test_the_first_load_is_light_and_local(client: Client, path: str) -> None:
    page = client.get(path).content

    linked = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page.decode()))
    files = [Path(finders.find(name.removeprefix("/static/"))).read_bytes() for name in linked]
    assert len(linked) > 5
    assert sum(len(brotli.compress(content)) for content in [page, *files]) < LIMIT_BYTES
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.decode())
