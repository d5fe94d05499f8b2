"""Finding damage: every chain is recomputed with the key, every source row compared with its seal."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from jike.ledger.breaches import Breach
from jike.ledger.models import GENESIS, Entry
from jike.ledger.plain import canonical
from jike.ledger.sources import Source, all_sources, source_named
from jike.privacy.keyring import keyring

BATCH = 500


def verify(subjects: Iterable[UUID] | None = None) -> Iterator[Breach]:
    """Every damage in the chains of `subjects`, or of all. Reads only, in batches; writers need not stop meanwhile.

    The tree, the heads outside, files and sealed columns are asked by `jike.ledger.everything.verify_everything`.
    """
    remaining = iter(dict.fromkeys(subjects)) if subjects is not None else _every_subject()
    while batch := list(islice(remaining, BATCH)):
        yield from _check(batch)


def _every_subject() -> Iterator[UUID]:
    """All subjects with entries, and those that only a source still knows. Memory does not grow with their number."""
    after = UUID(int=0)
    while found := list(
        Entry.objects.filter(subject__gt=after).order_by("subject").values_list("subject", flat=True).distinct()[:BATCH]
    ):
        after = found[-1]
        yield from found
    for source in all_sources():
        known = iter(source.subjects() if source.subjects else ())
        while batch := list(islice(known, BATCH)):
            sealed = set(Entry.objects.filter(subject__in=batch).values_list("subject", flat=True).distinct())
            yield from (subject for subject in batch if subject not in sealed)


def _check(subjects: list[UUID]) -> Iterator[Breach]:
    due = {source.name: source.expected_length(subjects) for source in all_sources() if source.expected_length}
    rows = {source.name: list(source.rows_of(subjects)) for source in all_sources() if source.rows_of}
    chains: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(subject__in=subjects).order_by("subject", "seq", "id"):
        chains[entry.subject].append(entry)
    for subject in subjects:
        yield from _check_chain(chains[subject])
    entries = [entry for chain in chains.values() for entry in chain]
    yield from _check_sources(entries)
    for name, lengths in due.items():
        yield from _check_lengths(source_named(name), lengths, entries)
    sealed = {(entry.source, entry.source_id) for entry in entries}
    for name, pairs in rows.items():
        for source_id, subject in pairs:
            if (name, source_id) not in sealed:
                yield Breach("orphan", subject, source=name, source_id=source_id)


def _check_chain(chain: list[Entry]) -> Iterator[Breach]:
    ring = keyring("LEDGER_KEY")
    seq, previous, trusted = 0, GENESIS, True
    for entry in chain:
        key = ring.keys.get(entry.key_version)
        if key is None:
            yield _breach("key_unknown", entry, f"LEDGER_KEY has no version {entry.key_version}")
            genuine = False
        else:
            genuine = _is_genuine(entry, key)
            if not genuine:
                yield _breach("mac_wrong", entry)
        if entry.seq != seq + 1:
            yield _breach("gap", entry, f"after {seq} comes {entry.seq}")
        elif genuine and trusted and bytes(entry.previous) != previous:
            yield _breach("chain_broken", entry)
        if genuine and hashlib.sha256(canonical(entry.facts)).digest() != bytes(entry.digest):
            yield _breach("digest_differs", entry)
        seq, previous, trusted = entry.seq, bytes(entry.mac), genuine


def _is_genuine(entry: Entry, key: bytes) -> bool:
    try:
        return hmac.compare_digest(entry.mac_under(key), bytes(entry.mac))
    except (TypeError, ValueError):  # facts changed into something that was never canonical
        return False


def _check_sources(entries: list[Entry]) -> Iterator[Breach]:
    by_source: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_source[entry.source].append(entry)
    for name, sealed in by_source.items():
        if (source := source_named(name)) is None:
            continue
        digests = source.digests_of([entry.source_id for entry in sealed])
        for entry in sealed:
            digest = digests.get(entry.source_id)
            if digest is None:
                yield _breach("source_missing", entry)
            elif not hmac.compare_digest(digest, bytes(entry.digest)):
                yield _breach("source_differs", entry)


def _check_lengths(source: Source | None, before: dict[UUID, int], entries: list[Entry]) -> Iterator[Breach]:
    """`before` was read before the entries: an untouched chain is never shorter. Longer ones are compared with a new reading."""
    if source is None or source.expected_length is None:
        return
    counts = Counter(entry.subject for entry in entries if entry.source == source.name)
    longer = [subject for subject, count in counts.items() if count > before.get(subject, 0)]
    after = source.expected_length(longer) if longer else {}
    for subject, wanted in before.items():
        if counts[subject] < wanted:
            yield Breach(
                "truncated",
                subject,
                counts[subject] + 1,
                source=source.name,
                detail=f"{counts[subject]} of {wanted} entries",
            )
    for subject in longer:
        if counts[subject] > after.get(subject, 0):
            yield Breach(
                "surplus",
                subject,
                counts[subject],
                source=source.name,
                detail=f"{counts[subject]} entries for {after.get(subject, 0)}",
            )


def _breach(kind: str, entry: Entry, detail: str = "") -> Breach:
    return Breach(kind, entry.subject, entry.seq, entry.pk, entry.source, entry.source_id, detail)
