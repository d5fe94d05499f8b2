"""One damage, and where it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Breach:
    """One damage and the row it is in.

    Chains: mac_wrong (the entry was changed or forged), chain_broken (it does not follow the entry before), gap (entries are
    missing before it), truncated (entries are missing at the end), surplus (more entries than the subject's version),
    key_unknown, digest_differs, source_missing, source_differs (the sealed row was deleted, edited), orphan (a source row that
    no entry seals).

    Tree: entry_missing (sealed or waiting, and gone), leaf_differs (the entry is not the one that was sealed), leaf_missing,
    leaf_unsigned (under no head), never_sealed (an entry that nobody will seal), subtree_differs, subtree_missing, head_forged,
    head_differs (the leaves before it are not those that were signed), head_missing, rolled_back (outside the database this
    entry is sealed, inside it is not), kept_unreadable, kept_forged, kept_missing (a head is not outside any more), not_kept (for
    a quarter of an hour), stamp_wrong, stamp_missing.

    Rest: sealed_differs (a sealed column does not open), file_damaged, file_missing, file_unreadable.

    `row` names the row by table and key where it is no entry.
    """

    kind: str
    subject: UUID | None = None
    seq: int | None = None
    entry: UUID | None = None
    source: str = ""
    source_id: UUID | None = None
    detail: str = ""
    row: str = ""

    def as_dict(self) -> dict[str, str | int | None]:
        return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(self).items()}
