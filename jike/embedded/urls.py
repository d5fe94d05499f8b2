"""Database addresses as Django settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jike.embedded.home import Home

# A case with its unit, people and institutions joins eight tables: planning every order of them takes 6 ms, running it 0.2.
PLANNING = "-c join_collapse_limit=4 -c jit=off"


def database_settings(url: str | None, home: Home) -> dict[str, Any]:
    """Settings for `url` (`postgres://user:password@host:port/name?option=value`), or for the embedded database without one."""
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": PLANNING},
    }
    if not url:
        return settings | {"NAME": "jike", "USER": "jike", "HOST": str(home.socket_dir), "PORT": "5432"}
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return settings | {
        "NAME": unquote(parts.path.lstrip("/")) or "jike",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options | {"options": f"{PLANNING} {options.get('options', '')}".strip()},
    }
