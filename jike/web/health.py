"""What has to be there before requests can be served."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)

KEYS = ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "LEDGER_KEY", "LEDGER_SIGNING_KEY", "LINK_KEY")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the product stands on. `is_needed` is false where work only waits while it is away."""

    name: str
    answer: str
    is_needed: bool = True

    @property
    def is_well(self) -> bool:
        return self.answer == "ok"


def parts() -> list[Part]:
    return [
        Part("database", _answer(_database)),
        Part("migrations", _answer(_migrations)),
        Part("keys", _answer(_keys)),
        Part("broker", _answer(_broker), is_needed=False),
    ]


def _answer(ask: Callable[[], bool]) -> str:
    try:
        return "ok" if ask() else "missing"
    except (DatabaseError, KombuError, OSError) as error:
        logger.warning("health.failed %s %s", ask.__name__, type(error).__name__)
        return "unreachable"


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _keys() -> bool:
    return all(getattr(settings, name) for name in KEYS)


def _broker() -> bool:
    """The doorbell of the workers. While it is silent, jobs wait in the database and are swept up later."""
    from jike.outbox.application import app  # noqa: PLC0415

    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=1)
    return True
