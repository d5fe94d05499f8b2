"""Merge the translations of locale/parts/*.po into the catalogue the product reads.

An entry that two parts translate differently is reported and the run fails: one word per idea.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).resolve().parent))

from messages import CATALOG, PARTS, messages_of_project


def main() -> int:
    merged = Catalog(locale="zh_Hans", project="Jike", charset="utf-8", fuzzy=False)
    origin: dict[tuple[str | None, object], str] = {}
    conflicts = []
    wanted = {message.key for message in messages_of_project()}
    sources = [*sorted(PARTS.glob("*.po")), CATALOG] if PARTS.exists() else [CATALOG]
    for path in (p for p in sources if p.exists()):
        with path.open("rb") as file:
            catalog = read_po(file, locale="zh_Hans")
        for entry in catalog:
            singular = entry.id[0] if isinstance(entry.id, tuple) else entry.id
            if not entry.id or not entry.string or (entry.context, singular) not in wanted:
                continue
            key = (entry.context, singular)
            known = merged.get(entry.id, entry.context)
            if key in origin:
                if known and known.string != entry.string and path != CATALOG:
                    conflicts.append(f"{singular!r}: {origin[key]} says {known.string!r}, {path.name} {entry.string!r}")
                continue
            origin[key] = path.name
            merged.add(entry.id, entry.string, context=entry.context, flags=entry.flags)
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    with CATALOG.open("wb") as file:
        write_po(file, merged, sort_output=True, width=120, omit_header=False)
    print(f"{len(merged)} translations in {CATALOG.relative_to(CATALOG.parents[3])}")
    for line in conflicts:
        print(f"Translated twice: {line}", file=sys.stderr)
    return 1 if conflicts else 0


if __name__ == "__main__":
    sys.exit(main())
