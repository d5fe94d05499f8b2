"""Large files: written and read piece by piece, each piece in its place."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from jike import files
from jike.base.ids import uuid7
from jike.files import sealing, store
from jike.files.models import StoredFile
from jike.files.sealing import HEAD_BYTES, PIECE, Broken
from jike.privacy.keys import cipher_for

NOW = datetime(2026, 9, 28, 4, tzinfo=UTC)
SEALED_PIECE = PIECE + 28
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def put_parts(parts: Any, scope: Any = None) -> StoredFile:
    return files.put_stream(scope or uuid7(), parts, media_type="audio/mpeg", display_name="录音.mp3", now=NOW)


def path_of(stored: StoredFile) -> Path:
    return store._path(stored.scope, bytes(stored.sha256))


def sm3(content: bytes) -> bytes:
    state = Hash(SM3())
    state.update(content)
    return state.finalize()


def test_the_national_hash_is_right() -> None:
    """The example of GB/T 32905 itself."""
    stored = put_parts([b"a", b"bc"])

    assert bytes(stored.sm3).hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert bytes(StoredFile.objects.get().sha256) == hashlib.sha256(b"abc").digest()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17])
@pytest.mark.parametrize("step", [1000, PIECE, 5 * PIECE])
def test_content_of_any_length_comes_back(size: int, step: int) -> None:
    content = random.Random(size).randbytes(size)

    stored = put_parts(content[start : start + step] for start in range(0, size, step))

    assert files.read(stored) == content and stored.size == size
    assert (bytes(stored.sha256), bytes(stored.sm3)) == (hashlib.sha256(content).digest(), sm3(content))
    with store.open(stored) as file:
        assert file.read() == content
        for start in (0, 1, size // 2, PIECE - 3, PIECE, size - 1, size, size + 9):
            assert file.seek(max(start, 0)) == max(start, 0) and file.read(7) == content[max(start, 0) :][:7]
        assert file.seek(0, io.SEEK_END) == size
    for start, length in [(0, 5), (PIECE - 2, 4), (0, size), (size, 3), (size // 2, size), (size + 4, 4), (3, 0)]:
        assert files.read_range(stored, start, length) == content[start : start + length]


def test_same_content_by_another_way_is_the_same_file() -> None:
    scope, content = uuid7(), b"x" * (PIECE + 5)
    one = files.put(scope, content, media_type="audio/mpeg", display_name="a", now=NOW)

    assert put_parts([content[:9], content[9:]], scope).pk == one.pk
    assert StoredFile.objects.count() == 1 and path_of(one).parent.parent.parent.joinpath(".incoming").exists()


def test_what_the_sender_raises_leaves_nothing(folder: Path) -> None:
    def cut_off() -> Iterator[bytes]:
        yield b"x" * PIECE * 2
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        put_parts(cut_off())

    assert not StoredFile.objects.exists() and not [p for p in folder.rglob("*") if p.is_file()]


def swap(blob: bytearray, one: int, two: int) -> None:
    a, b = (slice(HEAD_BYTES + n * SEALED_PIECE, HEAD_BYTES + (n + 1) * SEALED_PIECE) for n in (one, two))
    blob[a], blob[b] = blob[b], blob[a]


@pytest.mark.parametrize("seed", range(40))
def test_any_flipped_bit_is_noticed(seed: int) -> None:
    stored = put_parts([random.Random(1).randbytes(2 * PIECE + 100)])
    blob = bytearray(path_of(stored).read_bytes())
    place = seed if seed < 20 else random.Random(seed).randrange(len(blob))
    blob[place] ^= 1 << seed % 8
    path_of(stored).write_bytes(bytes(blob))

    with pytest.raises(files.FileDamaged, match=str(stored.pk)):
        files.read(stored)


def test_pieces_moved_cut_off_repeated_or_from_another_file_are_noticed() -> None:
    scope, dice = uuid7(), random.Random(2)
    one, other = (put_parts([dice.randbytes(3 * PIECE)], scope) for _ in range(2))
    whole, foreign = path_of(one).read_bytes(), path_of(other).read_bytes()
    last = HEAD_BYTES + 2 * SEALED_PIECE

    def damaged(blob: bytes) -> bool:
        path_of(one).write_bytes(blob)
        try:
            files.read(one)
        except files.FileDamaged:
            return True
        return False

    swapped = bytearray(whole)
    swap(swapped, 0, 1)
    assert damaged(bytes(swapped))
    assert damaged(whole[:last]), "the end is missing"
    assert damaged(whole[:HEAD_BYTES] + whole[last:]), "only the end is left"
    assert damaged(whole + whole[last:]), "the end twice"
    assert damaged(whole[:last] + foreign[last:]), "the end of another file of this case"
    assert damaged(whole[:HEAD_BYTES] + foreign[HEAD_BYTES:])
    assert damaged(foreign)
    assert damaged(b"") and damaged(whole[:10])
    assert not damaged(whole)


def test_each_piece_is_bound_to_its_place_and_to_being_the_last() -> None:
    """By the format as it is written down, and not by what the reader makes of it."""
    stored = put_parts([random.Random(3).randbytes(2 * PIECE + 5)])
    blob, cipher = path_of(stored).read_bytes(), cipher_for(stored.scope)
    places = ["0|more", "1|more", "2|last"]

    for number, place in enumerate(places):
        piece = blob[HEAD_BYTES + number * SEALED_PIECE :][:SEALED_PIECE]
        binding = f"jike.file|2|{stored.scope}|{blob[4:20].hex()}|{place}".encode()
        assert cipher.decrypt(piece[:12], piece[12:], binding)
    swapped = bytearray(blob)
    swap(swapped, 0, 1)
    path_of(stored).write_bytes(bytes(swapped))
    with pytest.raises(files.FileDamaged, match="changed"):
        files.read_range(stored, 0, 10)


def test_a_part_is_believed_only_if_it_is_of_this_file() -> None:
    """Two files of one case, exchanged whole: a part of the one must not pass for the other, though both open with its key."""
    scope = uuid7()
    one, two = put_parts([b"one" * PIECE], scope), put_parts([b"two" * PIECE], scope)
    path_of(one).write_bytes(path_of(two).read_bytes())

    with pytest.raises(files.FileDamaged, match="another content"):
        files.read_range(one, PIECE, 10)
    blob = bytearray(path_of(two).read_bytes())
    blob[-1] ^= 1
    path_of(two).write_bytes(bytes(blob))
    assert files.read_range(two, 0, 6) == b"twotwo"
    with store.open(two) as file, pytest.raises(Broken):
        file.seek(-1, io.SEEK_END)
        file.read(1)


def test_files_of_the_first_format_stay_readable() -> None:
    scope, content = uuid7(), "以前的信件".encode() * 1000
    digest, nonce = hashlib.sha256(content).digest(), os.urandom(12)
    binding = f"jike.file|1|{scope}|{digest.hex()}".encode()
    path = store._path(scope, digest)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"JKF1" + nonce + cipher_for(scope, create=True).encrypt(nonce, content, binding))
    row = StoredFile(scope=scope, sha256=digest, size=len(content), media_type="a/b", display_name="信", created_at=NOW)
    row.save(force_insert=True)

    assert files.read(row) == content and files.read_range(row, 3, 30) == content[3:33]
    assert files.sm3_of(row) == sm3(content) and row.sm3 is None
    call_command("hash_files", stdout=StringIO())
    row.refresh_from_db()
    assert bytes(row.sm3) == sm3(content)
    for change in ("sm3 = sha256('')", "sm3 = NULL", "size = 1"):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE files_storedfile SET {change}")
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(files.FileDamaged, match="too long"):
        files.read(row)


def test_hashing_older_files_may_be_stopped_and_fills_nothing_else() -> None:
    rows = [put_parts([bytes([n])]) for n in range(5)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE files_storedfile DISABLE TRIGGER USER")
        cursor.execute("UPDATE files_storedfile SET sm3 = NULL")
        cursor.execute("ALTER TABLE files_storedfile ENABLE TRIGGER USER")
    path_of(rows[1]).unlink()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE files_storedfile SET sm3 = sha256(''), size = 9")

    assert store.add_missing_hashes(limit=2) == 2
    assert [row.sm3 is None for row in StoredFile.objects.order_by("pk")] == [False, True, False, True, True]
    assert store.add_missing_hashes() == 2 and store.add_missing_hashes() == 0
    assert bytes(StoredFile.objects.get(pk=rows[4].pk).sm3) == sm3(b"\x04")


def test_memory_stays_flat() -> None:
    """A recording forty times as long asks for no more memory, neither to write nor to read."""

    def peak_of(pieces: int) -> tuple[int, int]:
        part = os.urandom(PIECE)
        tracemalloc.start()
        stored = put_parts(part[n % 7 :] for n in range(pieces))
        written = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        for _piece in files.stream(stored):
            pass
        read = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return written, read

    peak_of(2)
    few, many = peak_of(4), peak_of(160)

    assert max(many) < 8 * PIECE
    assert many[0] < few[0] + PIECE and many[1] < few[1] + PIECE


def test_command_names_the_damaged_file_and_exits_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = put_parts([b"x" * 1000])
    out = StringIO()
    call_command("verify_evidence", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"ok": True, "files": 1, "breaches": []}
    path_of(stored).write_bytes(path_of(stored).read_bytes()[:-1])

    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("verify_evidence", "--json", stdout=out)
    assert caught.value.code == 1
    assert json.loads(out.getvalue())["breaches"] == [{"kind": "damaged", "file": str(stored.pk), "path": ""}]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_evidence", stdout=out)
    assert f"damaged: file {stored.pk}" in out.getvalue()


def test_a_changed_hash_in_the_row_is_noticed() -> None:
    stored = put_parts([b"x"])
    stored.sm3 = bytes(32)

    with pytest.raises(files.FileDamaged, match="not its content"):
        files.read(stored)
    assert sealing.PIECE == PIECE
