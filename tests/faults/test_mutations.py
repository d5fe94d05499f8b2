"""Every seeded fault is killed by the tests that say so, and those tests pass without it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.faults.mutations import FAULTS, Fault, all_killers, copy_of_the_tree, failing, seed
from tests.faults.stack import KEYS

NAME = "jike_seeded_faults"


def test_every_fault_is_still_about_a_line_of_the_code() -> None:
    """Cheap enough for every run: the table must follow the code."""
    for fault in FAULTS:
        assert (settings.BASE_DIR / fault.path).read_text(encoding="utf-8").count(fault.old) == 1, fault.name


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A test database of its own beside the one of this run, kept from fault to fault."""
    at = connection.settings_dict
    password = f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else ""
    port = f"&port={at['PORT']}" if at["PORT"] else ""
    url = f"postgres://{quote(at['USER'])}{password}@/{NAME}?host={quote(at['HOST'], safe='')}{port}"
    home = str(tmp_path_factory.mktemp("home"))
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "JIKE_"))}
    yield {**inherited, **{key: getattr(settings, key) for key in KEYS}, "DATABASE_URL": url, "JIKE_HOME": home}
    given = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in given.items() if v}) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "test_{NAME}"')


@pytest.fixture(scope="module")
def sound(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without a fault all killers pass; their database is made here."""
    tree = copy_of_the_tree(settings.BASE_DIR, tmp_path_factory.mktemp("sound") / "tree")
    assert failing(tree, all_killers(), env, new_database=True) == set()


@pytest.mark.storm
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_killed(fault: Fault, env: dict[str, str], sound: None, tmp_path: Path) -> None:
    tree = copy_of_the_tree(settings.BASE_DIR, tmp_path / "tree")
    seed(tree, fault)

    assert failing(tree, fault.killers, env) == set(fault.killers), f"survived: {fault.name}"
