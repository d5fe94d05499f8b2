from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from jike import files
from jike.base.ids import uuid7
from jike.files import store
from jike.files.models import StoredFile
from jike.files.places import place
from jike.privacy import Destroyed, destroy_key, open_sealed

NOW = datetime(2026, 9, 28, 4, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
CANARY = "合同原件 canary".encode() * 50
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def put(scope: Any = None, content: bytes = CANARY, name: str = "合同.pdf") -> StoredFile:
    return files.put(scope or uuid7(), content, media_type="application/pdf", display_name=name, now=NOW)


def on_disk(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def write(path: Path, blob: bytes) -> None:
    """Put raw bytes where the store keeps a file."""
    with place().draft() as draft:
        draft.file.write(blob)
        place().keep(draft, "/".join(path.parts[-3:]))


def test_content_comes_back_and_is_not_on_disk(folder: Path) -> None:
    stored = put()

    assert files.read(StoredFile.objects.get()) == CANARY
    assert (stored.size, stored.media_type, open_sealed(stored, "display_name")) == (
        len(CANARY),
        "application/pdf",
        "合同.pdf",
    )
    (path,) = on_disk(folder)
    assert CANARY[:12] not in path.read_bytes() and path.stat().st_mode & 0o077 == 0
    assert path.name == bytes(stored.sha256).hex() and path.parent.name == str(stored.scope)
    assert files.read(put(content=b"")) == b""


def test_same_content_is_one_file_per_case(folder: Path) -> None:
    scope = uuid7()

    assert put(scope).pk == put(scope, name="again.pdf").pk != put().pk
    assert len(on_disk(folder)) == 2 and len({path.read_bytes() for path in on_disk(folder)}) == 2


def test_destroying_one_case_leaves_the_same_photo_in_another() -> None:
    one, two = put(), put()
    connection.run_on_commit.clear()

    destroy_key(one.scope, now=NOW)

    with pytest.raises(Destroyed):
        files.read(one)
    assert files.read(two) == CANARY
    assert [(t.kind, t.file) for t in files.verify_files(now=NOW)] == [("unreadable", one.pk)]


@pytest.mark.parametrize("position", [0, 3, 4, 15, 16, 200, -1])
def test_changed_byte_is_noticed(folder: Path, position: int) -> None:
    stored = put()
    (path,) = on_disk(folder)
    blob = bytearray(path.read_bytes())
    blob[position] ^= 1
    path.write_bytes(bytes(blob))

    with pytest.raises(files.FileDamaged, match=str(stored.pk)):
        files.read(stored)


def test_swapped_and_lost_files_are_noticed(folder: Path) -> None:
    scope = uuid7()
    one, two = put(scope, b"one"), put(scope, b"two")
    first, second = (store._path(scope, bytes(row.sha256)) for row in (one, two))
    first.write_bytes(second.read_bytes())

    with pytest.raises(files.FileDamaged, match="another content"):
        files.read(one)
    second.unlink()
    with pytest.raises(files.FileDamaged, match="missing"):
        files.read(two)
    assert {(t.kind, t.file) for t in files.verify_files(now=NOW)} == {("damaged", one.pk), ("missing", two.pk)}


def test_orphans_are_reported_after_an_hour(folder: Path) -> None:
    put()
    orphan = store._path(uuid7(), b"\x01" * 32)
    write(orphan, b"left by a crash")
    (folder / ".incoming" / "draft").write_bytes(b"half")

    assert not list(files.verify_files(now=datetime.now(UTC)))
    found = list(files.verify_files(now=datetime.now(UTC) + timedelta(hours=1, minutes=1)))

    assert [(t.kind, t.path) for t in found] == [
        ("orphan", ".incoming/draft"),
        ("orphan", str(orphan.relative_to(folder))),
    ]


def test_file_left_by_a_rolled_back_transaction_is_replaced(folder: Path) -> None:
    scope = uuid7()
    with transaction.atomic():
        put(scope)
        transaction.set_rollback(True)
    assert on_disk(folder) and not StoredFile.objects.exists()

    assert files.read(put(scope)) == CANARY
    assert len(on_disk(folder)) == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE files_storedfile SET size = 0", "DELETE FROM files_storedfile", "TRUNCATE files_storedfile CASCADE"],
)
def test_rows_are_final(statement: str) -> None:
    put()

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_other_kinds_of_store_are_refused_by_name(settings: Any) -> None:
    settings.FILES_URL = "ftp://bucket/files"

    with pytest.raises(ImproperlyConfigured, match="FILES_URL"):
        put()


def test_crash_while_writing_leaves_no_half_file(tmp_path: Path) -> None:
    """Killed between draft and rename: nothing is under the name of the content, and the draft is reported."""
    code = (
        "import sys, pathlib, django; from django.conf import settings;"
        "settings.configure(); django.setup();"
        "from jike.files.places import Folder; place = Folder(pathlib.Path(sys.argv[1]));"
        "draft = place.draft(); d = draft.__enter__(); d.file.write(b'x' * 100_000); place.keep(d, 'ab/scope/name')"
    )
    environment = {**os.environ, "ENABLE_FAILPOINTS": "1", "FAILPOINT": "file.drafted"}

    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "root")], env=environment, cwd=Path(__file__).parents[2]
    )

    assert killed.returncode == -signal.SIGKILL
    (left,) = on_disk(tmp_path / "root")
    assert left.parent.name == ".incoming"


def test_parallel_writes_of_one_content_are_one_file(folder: Path) -> None:
    path = store._path(uuid7(), b"\x02" * 32)
    threads = [threading.Thread(target=write, args=(path, bytes([n]) * 50_000)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(path.read_bytes())) == 1 and len(path.read_bytes()) == 50_000
    assert on_disk(folder) == [path]
