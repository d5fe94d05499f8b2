"""Making a bundle: pages → sheets → bind → sign → package. Outside any transaction; a worker that takes over makes no page twice."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from cases.attachments.models import Attachment
from cases.bundles import package, plan, sheets
from cases.bundles.models import Bundle, Stage
from cases.bundles.profiles import PROFILES, Profile
from cases.bundles.sheets import Leaf, Sheets
from cases.copies import paging
from cases.copies.models import CoveredCopy
from cases.evidence.models import Item
from jike import ledger, signatures
from jike.base.dates import now as current_instant
from jike.base.errors import Refused
from jike.base.failpoints import failpoint
from jike.files import bind, pdf, store
from jike.files.kinds import PDF
from jike.files.models import StoredFile
from jike.outbox import jobs
from jike.signatures.errors import CannotBeSigned

NUMBERING = "第{page}页 / 共{pages}页"
EMBEDDED_AT_MOST = 40 * 1024 * 1024
"""Originals lie inside the document as well where they are this small together; in the package they always lie."""
PIECE = 1024 * 1024


class Halted(Exception):
    """A person must look: `code` says why, `label` at which item."""

    def __init__(self, code: str, label: str = "") -> None:
        super().__init__(code)
        self.code, self.label = code, label


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it, for the act that issues the bundle."""

    document: StoredFile
    package: StoredFile
    pages: int
    is_signed: bool
    notes: list[str]
    opened: list[Item]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is bound of an item; without a file a slip that says why."""

    file: StoredFile | None
    count: int
    slip: str


@dataclass(frozen=True, slots=True)
class Work:
    """One bundle on the bench: what it is made of and whose copies are shown."""

    bundle: Bundle
    job: jobs.ClaimedJob
    profile: Profile
    manifest: dict[str, Any]
    papers: list[Attachment]
    is_signed: bool

    @property
    def open_papers(self) -> list[tuple[dict[str, Any], Attachment]]:
        """The items whose original goes along: none where the reader gets none, and never one of which a part is covered."""
        if not self.profile.has_originals:
            return []
        both = zip(self.items, self.papers, strict=True)
        return [(item, paper) for item, paper in both if not item["covered_sha256"]]

    @property
    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.manifest["items"]
        return found


def make(bundle: Bundle, *, job: jobs.ClaimedJob) -> Made:
    """Make the document and the package of a bundle.

    Raises `Halted` when an original is not what was sealed or the pages cannot be bound; what renderer, store or time-stamp
    authority raise when they are away. Then the case is unchanged, and what was made of pages is kept.
    """
    manifest, papers = plan.read(bundle), plan.papers_of(bundle)
    work = Work(bundle, job, PROFILES[bundle.profile], manifest, papers, signatures.is_available())
    shown = _pages(work)
    leaves, written = _sheets(work, shown)
    with tempfile.TemporaryFile() as bound, tempfile.TemporaryFile() as signed:
        pages = _bind(work, shown, leaves, written, bound)
        document = _sign(work, bound, signed)
        packed = _package(work, document)
    left = [paper.pk for _item, paper in work.open_papers]
    opened = list(Item.objects.filter(pk__in=left).select_related("attachment__file"))
    return Made(document, packed, pages, work.is_signed, _notes(work, leaves), opened)


@contextmanager
def _stage(work: Work, name: Stage.Name, total: int = 1) -> Iterator[Stage]:
    """A step that people see: begun anew where a worker before this one was killed in it. The lease starts anew too."""
    now = current_instant()
    step, _known = Stage.objects.update_or_create(
        bundle=work.bundle, name=name, defaults={"done": 0, "total": total, "began_at": now, "ended_at": None}
    )
    work.job.extend()
    yield step
    Stage.objects.filter(pk=step.pk).update(done=total, ended_at=current_instant())
    failpoint(f"bundle.{name}")


def _pages(work: Work) -> list[Shown]:
    """Compare every original with its hash, and have what is shown of every item: its pages, or the copy with parts covered."""
    found = []
    with _stage(work, Stage.Name.PAGES, len(work.items)) as step:
        for done, (item, paper) in enumerate(zip(work.items, work.papers, strict=True)):
            _compare(item, paper)
            found.append(_shown(work, item, paper))
            if done % 10 == 9:
                Stage.objects.filter(pk=step.pk).update(done=done + 1)
                work.job.extend()
    return found


def _shown(work: Work, item: dict[str, Any], paper: Attachment) -> Shown:
    pages = paging.make(paper, now=current_instant())
    if not item["covered_sha256"]:
        return Shown(pages.file, pages.count, sheets.slip_of(pages))
    copy = (
        CoveredCopy.objects.filter(covering__item=paper.pk, file__sha256=bytes.fromhex(item["covered_sha256"]))
        .select_related("file")
        .first()
    )
    if copy is None:
        raise Halted("copy.missing", item["label"])
    return Shown(copy.file, copy.count, "")


def _compare(item: dict[str, Any], paper: Attachment) -> None:
    """The bytes at rest are those that were sealed when the paper came in. Source: house evidence integrity."""
    try:
        for _piece in store.stream(paper.file):
            pass
    except store.FileDamaged:
        raise Halted("original.damaged", item["label"]) from None
    if bytes(paper.file.sha256).hex() != item["sha256"]:
        raise Halted("original.changed", item["label"])


def _sheets(work: Work, shown: Sequence[Shown]) -> tuple[list[Leaf], Sheets]:
    with _stage(work, Stage.Name.SHEETS):
        leaves = [
            Leaf(
                item,
                pages.count or 1,
                pages.slip,
                sheets.facts_of(item["kind"], paper.examination.facts) if not pages.count else (),
            )
            for item, paper, pages in zip(work.items, work.papers, shown, strict=True)
        ]
        return leaves, sheets.write(work.bundle, work.manifest, leaves, is_signed=work.is_signed)


def _bind(work: Work, shown: Sequence[Shown], leaves: Sequence[Leaf], written: Sheets, target: BinaryIO) -> int:
    """Bind everything, and see that every item stands where the index says. Source: house bundle pages."""
    with _stage(work, Stage.Name.BIND):
        parts, expected = _parts(shown, leaves, written)
        try:
            bound = bind.bind(
                parts,
                target,
                title=f"{work.manifest['title']} {work.manifest['case']}",
                at=work.bundle.asked_at,
                numbering=NUMBERING,
                attached=_embedded(work),
            )
        except bind.NotBound:
            raise Halted("bundle.not_bound") from None
        except store.FileDamaged:
            raise Halted("pages.damaged") from None
        if bound.pages != written.pages or bound.starts != expected:
            raise Halted("bundle.misnumbered")
        return bound.pages


def _parts(shown: Sequence[Shown], leaves: Sequence[Leaf], written: Sheets) -> tuple[list[bind.Part], list[int]]:
    """The parts in the order of the pages, and the page each must begin on."""
    slips = [written.slips]
    slip_numbers = {leaf.label: number for number, leaf in enumerate(leaf for leaf in leaves if leaf.slip)}

    def part_of(leaf: Leaf, pages: Shown) -> bind.Part:
        said = {
            "title": f"{leaf.label} {leaf.item['title']}",
            "level": 1,
            "stamp": f"证据 {leaf.label}",
            "name": leaf.name,
        }
        if leaf.slip:
            return bind.Part(slips, first=slip_numbers[leaf.label], count=1, **said)
        assert pages.file is not None
        return bind.Part(package.pieces_of(pages.file), **said)

    both = list(zip(leaves, shown, strict=True))
    front = [written.front]
    parts = [bind.Part(front, count=1, title="封面")]
    parts.append(bind.Part(front, first=1, count=written.front_pages - 1, title="证据目录", name="index"))
    starts = [1, 2]
    for leaf, pages in both:
        if not leaf.is_late:
            parts.append(part_of(leaf, pages))
            starts.append(leaf.start)
    late = [(leaf, pages) for leaf, pages in both if leaf.is_late]
    if late:
        parts.append(bind.Part([written.late], title="补充证据目录"))
        starts.append(late[0][0].start - written.late_pages)
        for leaf, pages in late:
            parts.append(part_of(leaf, pages))
            starts.append(leaf.start)
    parts.append(bind.Part([written.annex], title="时间线与哈希清单"))
    starts.append(written.pages - written.annex_pages + 1)
    return parts, starts


def _embedded(work: Work) -> list[bind.Attached]:
    """The manifest, and the originals where they are for this reader and small enough."""
    found = [
        bind.Attached([ledger.canonical(work.manifest)], "manifest.json", "application/json", "清单", relation="Data")
    ]
    if sum(item["size"] for item, _paper in work.open_papers) <= EMBEDDED_AT_MOST:
        found += [
            bind.Attached(
                package.pieces_of(paper.file), package.name_of(item), item["kind"], f"SHA-256 {item['sha256']}"
            )
            for item, paper in work.open_papers
        ]
    return found


def _sign(work: Work, bound: BinaryIO, signed: BinaryIO) -> StoredFile:
    """Sign the bound document where there is a certificate, and judge the signature as a stranger would."""
    with _stage(work, Stage.Name.SIGN):
        bound.seek(0)
        if work.is_signed:
            reason = f"{work.manifest['title']} {work.bundle.code}"
            try:
                signatures.sign(bound, signed, reason=reason, location="", at=current_instant())
            except Refused as no:
                raise Halted(no.blockers[0].code) from None
            except CannotBeSigned as no:
                raise Halted(no.code) from None
            signed.seek(0)
            if not signatures.verify(signed, is_ours=True).is_intact:
                raise Halted("bundle.signature_broken")
        name = f"{work.manifest['title']}-{work.manifest['case']}-v{work.bundle.version}.pdf"
        return _stored(work, signed if work.is_signed else bound, PDF, name)


def _package(work: Work, document: StoredFile) -> StoredFile:
    with _stage(work, Stage.Name.PACKAGE), tempfile.TemporaryFile() as packed:
        package.write(packed, work.manifest, document, work.open_papers, at=work.bundle.asked_at, now=current_instant())
        name = f"{work.manifest['title']}-{work.manifest['case']}-v{work.bundle.version}.zip"
        return _stored(work, packed, "application/zip", name)


def _stored(work: Work, file: BinaryIO, kind: str, name: str) -> StoredFile:
    file.seek(0)
    pieces = iter(lambda: file.read(PIECE), b"")
    return store.put_stream(work.bundle.case_id, pieces, media_type=kind, display_name=name, now=current_instant())


def _notes(work: Work, leaves: Sequence[Leaf]) -> list[str]:
    """What whoever releases the bundle should know of it: items without pages, characters that no font here has."""
    notes = [f"slip.{leaf.slip}:{leaf.label}" for leaf in leaves if leaf.slip]
    notes += [f"glyphs:{item['label']}" for item in work.items if pdf.missing_glyphs(sheets.words_of(item))]
    names = "".join(party["name"] for party in work.manifest["parties"])
    return notes + (["glyphs_of_parties"] if pdf.missing_glyphs(names) else [])
