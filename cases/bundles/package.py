"""The package around a bundle: the document, what it was made of, the originals, a proof for each, and a program that checks it all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cases.attachments.models import Attachment
from jike import ledger
from jike.base.dates import CST
from jike.files import clean_display_name, store
from jike.files.models import StoredFile
from jike.files.sealing import Broken
from jike.ledger import proofs, sealing, tree
from jike.ledger.models import Entry

DOCUMENT, MANIFEST, HASHES = "bundle.pdf", "manifest.json", "SHA256SUMS"
CHECKER = Path(__file__).with_name("offline") / "check.py"
READ_ME = """本证据包可离线核验，不需要联网，也不需要安装软件；只需要 Python 3 和 openssl。

    python3 check.py

bundle.pdf      证据材料，页码连续，目录可点击
manifest.json   清单：每件材料的名称、来源、证明对象、摘要
originals/      原件，与收到时逐字节相同（如有）
proofs/         每件材料的存证证明：其摘要在收到时写入账本，账本根由平台签名
SHA256SUMS      本包内各文件的摘要

摘要证明收到之后没有改动，不证明收到之前的真实性。

This package can be checked offline with Python 3 and openssl alone: python3 check.py
Hashes prove that nothing was changed since it was received, nothing before.
"""


def name_of(item: dict[str, Any]) -> str:
    """What an original is called in the package: its number and the name it came with, fit for every system."""
    return f"{item['label']} {clean_display_name(str(item['given_name']))}"


def pieces_of(file: StoredFile) -> Iterator[bytes]:
    """The content piece by piece, each bound to the hash of the whole: what was compared once is not hashed anew. Raises `FileDamaged`."""
    with store.open(file) as opened:
        try:
            yield from opened.pieces()
        except Broken as error:
            raise store.FileDamaged(f"file {file.pk}: {error}") from None


def write(
    target: BinaryIO,
    manifest: dict[str, Any],
    document: StoredFile,
    originals: Sequence[tuple[dict[str, Any], Attachment]],
    *,
    at: datetime,
    now: datetime,
) -> None:
    """Write the package. `originals` are the items whose original goes along, with their papers.

    What waits to be sealed is sealed first, so that every paper has its proof.
    """
    sealing.seal(now=now)
    sums: list[tuple[str, str]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        moment = at.astimezone(CST).timetuple()[:6]

        def add(name: str, pieces: Iterable[bytes], *, squeeze: bool = False) -> None:
            info = zipfile.ZipInfo(name, moment)  # type: ignore[arg-type]
            info.compress_type = zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            taken = hashlib.sha256()
            with packed.open(info, "w", force_zip64=True) as entry:
                for piece in pieces:
                    taken.update(piece)
                    entry.write(piece)
            sums.append((taken.hexdigest(), name))

        add("README.txt", [READ_ME.encode()])
        add(DOCUMENT, pieces_of(document))
        add(MANIFEST, [ledger.canonical(manifest)], squeeze=True)
        for item, paper in originals:
            add(f"originals/{name_of(item)}", pieces_of(paper.file))
        for item, proof in zip(manifest["items"], _proofs(manifest["items"]), strict=True):
            add(f"proofs/{item['label']}.json", [proof], squeeze=True)
        add("check.py", [CHECKER.read_bytes()], squeeze=True)
        add("tree.py", [Path(str(tree.__file__)).read_bytes()], squeeze=True)
        add(HASHES, ["".join(f"{digest}  {name}\n" for digest, name in sums).encode()])


def _proofs(items: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    """For each paper the proof that its collection, with its hash, is in the ledger, and what exactly was sealed."""
    listed = [UUID(item["entry"]) for item in items]
    entries = Entry.objects.in_bulk(listed)
    for pk, proof in zip(listed, proofs.proofs_of(listed), strict=True):
        told = {"proof": proof, "facts": entries[pk].facts}
        yield json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
