"""Every tampering is found and its row is named; an untouched ledger raises no alarm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from jike.ledger.breaches import Breach
from jike.ledger.everything import verify_everything
from jike.ledger.models import Entry
from jike.ledger.sealing import seal
from jike.outbox.fakes.tsa import FakeTsa
from tests.ledger import tampering
from tests.ledger.samples import NOW, write_chain

pytestmark = pytest.mark.usefixtures("samples")


@pytest.fixture(scope="module")
def tsa() -> Iterator[FakeTsa]:
    with FakeTsa() as running:
        yield running


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.HEADS_URL, settings.FILES_URL = (tmp_path / "heads").as_uri(), (tmp_path / "files").as_uri()
    return tmp_path


def named_by(breaches: list[Breach]) -> set[Any]:
    return {name for b in breaches for name in (b.entry, b.source_id, b.row) if name}


SEEDS = [
    pytest.param(seed, marks=[pytest.mark.storm] if seed >= len(tampering.KINDS) else [], id=f"{seed}-{kind.__name__}")
    for seed in range(100)
    for kind in [tampering.KINDS[seed % len(tampering.KINDS)]]
]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_tampering_is_found_and_its_row_is_named(place: Path, tsa: FakeTsa, seed: int) -> None:
    """A hundred seeded tamperings, each kind several times with other victims; one of each kind in every run."""
    deed = tampering.KINDS[seed % len(tampering.KINDS)]
    world = tampering.make_world(seed, tsa)
    now = NOW + timedelta(hours=3)
    assert not list(verify_everything(now=now))

    with tampering.superuser() as cursor:
        guilty = deed(world, cursor)

    breaches = list(verify_everything(now=now))
    assert guilty & named_by(breaches), (deed.__name__, guilty, breaches)


def test_untouched_ledgers_raise_no_alarm(place: Path, tsa: FakeTsa) -> None:
    tampering.make_world(1, tsa)
    for run in range(20):
        assert not list(verify_everything(now=NOW + timedelta(days=run)))
        write_chain(run % 3 + 1)
        if run % 2:
            seal(now=NOW + timedelta(days=run))


def test_a_roll_back_names_every_lost_entry(place: Path, tsa: FakeTsa) -> None:
    world = tampering.make_world(2, tsa)
    with tampering.superuser() as cursor:
        lost = tampering.roll_back(world, cursor)

    found = [b.entry for b in verify_everything(now=NOW) if b.kind == "rolled_back"]
    assert set(found) == lost and len(found) == 3


def test_the_command_names_rows_of_every_kind(place: Path, tsa: FakeTsa) -> None:
    world = tampering.make_world(3, tsa)
    out = StringIO()
    call_command("verify_ledger", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["ok"] is True and told["entries"] == told["sealed"] == Entry.objects.count()

    with tampering.superuser() as cursor:
        guilty = tampering.edit_head(world, cursor) | tampering.edit_file(world, cursor)
    for words, wanted in [((), guilty), (("--quick",), {row for row in guilty if "head" in row})]:
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("verify_ledger", *words, stdout=out)
        assert {row for row in guilty if row in out.getvalue()} == wanted
