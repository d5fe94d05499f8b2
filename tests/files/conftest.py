from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where files are stored, with a space in its name."""
    settings.FILES_URL = (tmp_path / "stored files").as_uri()
    return tmp_path / "stored files"
