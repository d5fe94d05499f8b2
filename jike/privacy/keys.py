"""One data key per scope, wrapped by a master key that lives outside the database.

Keys made in a transaction belong to it until it commits: a rolled-back key must never encrypt anything. They are kept in
the transaction's own commit hook, which Django drops on rollback, also of a savepoint.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.db.models import Q

from jike.privacy.keyring import KEY_BYTES, keyring
from jike.privacy.models import DataKey
from jike.privacy.sealed import NONCE_BYTES, Destroyed, KeyMissing

CACHE_SECONDS = 60
CACHE_KEYS = 8_192
BATCH = 5_000


class _Cache:
    """The opened keys of this process, the least used dropped first; a key stays at most `CACHE_SECONDS`."""

    def __init__(self) -> None:
        self._rows: OrderedDict[UUID, tuple[float, AESGCM]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, scope: UUID) -> AESGCM | None:
        with self._lock:
            row = self._rows.get(scope)
            if row is None:
                return None
            if row[0] < time.monotonic():
                del self._rows[scope]
                return None
            self._rows.move_to_end(scope)
            return row[1]

    def put(self, ciphers: dict[UUID, AESGCM]) -> None:
        until = time.monotonic() + CACHE_SECONDS
        with self._lock:
            for scope, cipher in ciphers.items():
                self._rows[scope] = (until, cipher)
                self._rows.move_to_end(scope)
            while len(self._rows) > CACHE_KEYS:
                self._rows.popitem(last=False)

    def drop(self, scope: UUID | None = None) -> None:
        with self._lock:
            self._rows.pop(scope, None) if scope else self._rows.clear()


_cache = _Cache()


class _NewKeys:
    """Keys that the running transaction made; as its commit hook they move to the cache of the process."""

    def __init__(self, ciphers: dict[UUID, AESGCM]) -> None:
        self.ciphers = ciphers

    def __call__(self) -> None:
        _cache.put(self.ciphers)


def forget_keys() -> None:
    """Empty the key cache of this process."""
    _cache.drop()


def cipher_for(scope: UUID, *, create: bool = False, is_new: bool = False) -> AESGCM:
    """The cipher of `scope`, at most one SELECT when it is not cached. With `create` a missing key is made.

    `is_new` says that the scope begins with this very row, which saves the SELECT. Raises `Destroyed` or `KeyMissing`.
    """
    cipher = _known(scope)
    if cipher is None and not is_new:
        cipher = _load([scope]).get(scope)
    if cipher is None and create:
        cipher = _create([scope]).get(scope)
    if cipher is None:
        raise KeyMissing(f"scope {scope}: no data key")
    return cipher


def prefetch_keys(scopes: Iterable[UUID | None]) -> None:
    """Fetch the keys of many scopes with one SELECT, before a list or page opens values of each. Unknown scopes are skipped."""
    _load({scope for scope in scopes if scope and _known(scope) is None}, skip_unreadable=True)


def learn_key(scope: UUID, wrapped: bytes, version: int) -> None:
    """Keep the key of `scope`, not destroyed, that another statement has read on its way. One that does not open is left to whoever needs it."""
    if _known(scope) is not None:
        return
    try:
        cipher = AESGCM(_unwrap(scope, wrapped, version))
    except KeyMissing:
        return
    _cache.put({scope: cipher})


def create_keys(scopes: Iterable[UUID]) -> None:
    """Make the keys of many scopes set-wise; scopes that have one keep it. Safe when two processes do it at once."""
    remaining = iter(dict.fromkeys(scopes))
    while batch := list(islice(remaining, BATCH)):
        _create([scope for scope in batch if _known(scope) is None])


def new_key(scope: UUID, *, now: datetime) -> DataKey:
    """The unsaved key of a scope that begins in this transaction, for callers that write it in one message with its first row.

    It belongs to the transaction from now on: that row may be sealed at once.
    """
    key = os.urandom(KEY_BYTES)
    wrapped, version = _wrap(scope, key)
    transaction.on_commit(_NewKeys({scope: AESGCM(key)}))
    return DataKey(scope=scope, wrapped=wrapped, master_version=version, created_at=now)


def destroy_key(scope: UUID, *, now: datetime) -> bool:
    """Overwrite the key of `scope`: nothing sealed under it can be read again. False when it was gone before.

    Other processes may hold the key for up to `CACHE_SECONDS`. Whether it may be destroyed is the caller's judgement.
    """
    done = DataKey.objects.filter(pk=scope, destroyed_at=None).update(wrapped=b"", destroyed_at=now)
    _cache.drop(scope)
    for keys in _uncommitted():
        keys.ciphers.pop(scope, None)
    return bool(done)


def rewrap(*, batch: int = 500) -> int:
    """Wrap every data key under the newest master key, in small transactions; returns how many were changed.

    Sealed values stay as they are. Afterwards the old master key may be taken out of FIELD_KEYS. Can be run again.
    """
    done = 0
    stale = Q(destroyed_at=None) & ~Q(master_version=keyring("FIELD_KEYS").current)
    while True:
        with transaction.atomic():
            rows = list(DataKey.objects.select_for_update(skip_locked=True).filter(stale)[:batch])
            for row in rows:
                row.wrapped, row.master_version = _wrap(
                    row.scope, _unwrap(row.scope, bytes(row.wrapped), row.master_version)
                )
            DataKey.objects.bulk_update(rows, ["wrapped", "master_version"])
        done += len(rows)
        if not rows:
            return done


def _known(scope: UUID) -> AESGCM | None:
    if (cipher := _cache.get(scope)) is not None:
        return cipher
    return next((keys.ciphers[scope] for keys in _uncommitted() if scope in keys.ciphers), None)


def _uncommitted() -> Iterator[_NewKeys]:
    return (row[1] for row in connection.run_on_commit if isinstance(row[1], _NewKeys))


def _load(scopes: Collection[UUID], *, skip_unreadable: bool = False) -> dict[UUID, AESGCM]:
    if not scopes:
        return {}
    found: dict[UUID, AESGCM] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scope, wrapped, master_version, destroyed_at FROM privacy_datakey WHERE scope = ANY(%s)",
            [list(scopes)],
        )
        rows = cursor.fetchall()
    for scope, wrapped, version, destroyed_at in rows:
        try:
            if destroyed_at is not None:
                raise Destroyed(f"scope {scope}: its data key was destroyed")
            found[scope] = AESGCM(_unwrap(scope, bytes(wrapped), version))
        except (Destroyed, KeyMissing):
            if not skip_unreadable:
                raise
    _cache.put(found)
    return found


def _create(scopes: list[UUID]) -> dict[UUID, AESGCM]:
    """Insert keys for `scopes`; where another transaction was first, take its key. Waits for that one to end."""
    if not scopes:
        return {}
    fresh = {scope: os.urandom(KEY_BYTES) for scope in scopes}
    wrapped = {scope: _wrap(scope, key) for scope, key in fresh.items()}
    version = keyring("FIELD_KEYS").current
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_datakey (scope, wrapped, master_version, created_at)"
            " SELECT s, w, %s, now() FROM unnest(%s::uuid[], %s::bytea[]) AS k(s, w) ORDER BY s"
            " ON CONFLICT (scope) DO NOTHING RETURNING scope",
            [version, list(wrapped), [value for value, _ in wrapped.values()]],
        )
        made = {scope: AESGCM(fresh[scope]) for (scope,) in cursor.fetchall()}
    if made:
        transaction.on_commit(_NewKeys(made))
    return made | _load([scope for scope in scopes if scope not in made])


_master = lru_cache(maxsize=8)(AESGCM)


def _binding(scope: UUID, version: int) -> bytes:
    return f"jike.datakey|{version}|{scope}".encode()


def _wrap(scope: UUID, key: bytes) -> tuple[bytes, int]:
    ring = keyring("FIELD_KEYS")
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _master(ring.keys[ring.current]).encrypt(nonce, key, _binding(scope, ring.current)), ring.current


def _unwrap(scope: UUID, wrapped: bytes, version: int) -> bytes:
    master = keyring("FIELD_KEYS").keys.get(version)
    if master is None:
        raise KeyMissing(f"scope {scope}: FIELD_KEYS has no master key {version}")
    try:
        return _master(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _binding(scope, version))
    except InvalidTag:
        raise KeyMissing(f"scope {scope}: its data key does not open with master key {version}") from None
