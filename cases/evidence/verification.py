"""Whether the evidence is what it was: bytes against row, row against ledger, register against custody. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q

from cases.attachments.models import Attachment
from cases.evidence.models import Custody, Description, Item, Supersession
from cases.models import Event
from jike import ledger
from jike.files.store import verify_files
from jike.ledger.models import Entry

BATCH = 500
HARMLESS = frozenset({"orphan"})
# Entries that were sealed, or waited to be, and are gone: the end of a chain of custody that was cut off with its rows.
_LOST = """
SELECT entry FROM ledger_leaf l WHERE NOT EXISTS (SELECT FROM ledger_entry WHERE id = l.entry) UNION ALL
SELECT entry FROM ledger_unsealed u WHERE NOT EXISTS (SELECT FROM ledger_entry WHERE id = u.entry)
"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One damage and where it is.

    Files: missing, damaged, unreadable, and orphan (bytes without a row, harmless), as `verify_files` says. Ledger: `ledger_…` with the
    kind of `jike.ledger.Breach` in the chain of a paper, entry_missing (an entry was cut off). Between them: hash_differs (the row of the
    file has another hash than was sealed at capture or in custody), custody_missing (an item nobody collected), numbers_differ (a gap
    in the list, or letters that do not belong), item_missing, words_missing, supersession_missing (an event tells of a row that is gone).
    """

    kind: str
    file: UUID | None = None
    path: str = ""
    paper: UUID | None = None
    detail: str = ""

    @property
    def is_breach(self) -> bool:
        return self.kind not in HARMLESS

    def as_dict(self) -> dict[str, str | None]:
        return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(self).items()}

    def __str__(self) -> str:
        named = (("file", self.file), ("paper", self.paper), ("", self.path), ("", self.detail))
        return f"{self.kind}: " + " ".join(f"{name} {value}".strip() for name, value in named if value)


def verify_evidence(*, now: datetime) -> Iterator[Trouble]:
    """Every damage to files, custody and register. Reads only, in batches."""
    for found in verify_files(now=now):
        yield Trouble(found.kind, found.file, found.path)
    yield from _verify_chains()
    yield from _verify_hashes()
    yield from _verify_register()


def _verify_chains() -> Iterator[Trouble]:
    sealed = Entry.objects.filter(source=Custody.LEDGER_SOURCE)
    papers = [Custody.objects.values_list("attachment_id", flat=True), sealed.values_list("subject", flat=True)]
    every = (pk for some in papers for pk in some.order_by().distinct().iterator(chunk_size=BATCH))
    for breach in ledger.verify(every):
        yield Trouble(
            f"ledger_{breach.kind}", paper=breach.subject, detail=breach.detail or str(breach.source_id or "")
        )
    with connection.cursor() as cursor:
        cursor.execute(_LOST)
        lost = cursor.fetchall()
    yield from (Trouble("entry_missing", detail=f"entry {entry}") for (entry,) in lost)


def _verify_hashes() -> Iterator[Trouble]:
    """The hash of each paper now, against what was sealed when it was added and whenever somebody had it."""
    told = Event.objects.filter(verb__endswith=".attach", data__has_key="attachment").values_list("data", flat=True)
    sealed = Entry.objects.filter(source=Custody.LEDGER_SOURCE).values_list("subject", "facts")
    said = ((UUID(data["attachment"]), data.get("sha256")) for data in told.iterator(chunk_size=BATCH))
    yield from _compared(said)
    yield from _compared((paper, facts.get("sha256")) for paper, facts in sealed.iterator(chunk_size=BATCH))


def _compared(said: Iterable[tuple[UUID, str | None]]) -> Iterator[Trouble]:
    remaining = iter(said)
    while batch := list(islice(remaining, BATCH)):
        files = Attachment.objects.filter(pk__in={paper for paper, _hash in batch}).select_related("file")
        known = {paper.pk: paper.file for paper in files}
        for paper, sha256 in dict.fromkeys(batch):
            file = known.get(paper)
            if file is None or bytes(file.sha256).hex() != sha256:
                yield Trouble("hash_differs", file.pk if file else None, paper=paper, detail=f"sealed {sha256}")


def _verify_register() -> Iterator[Trouble]:
    first = Custody.objects.filter(seq=1, act=Custody.Act.COLLECTED).values("attachment_id")
    for pk in Item.objects.exclude(pk__in=first).values_list("pk", flat=True).iterator(chunk_size=BATCH):
        yield Trouble("custody_missing", paper=pk)
    yield from _verify_numbers()
    yield from _verify_events()


def _verify_numbers() -> Iterator[Trouble]:
    case, number, late = None, 0, 0
    items = Item.objects.order_by("case_id", "number", "late")
    for item in items.iterator(chunk_size=BATCH):
        if item.case_id != case:
            case, number, late = item.case_id, 0, 0
        if (item.number, item.late) not in {(number + 1, 0), (number, late + 1) if number else (1, 0)}:
            yield Trouble("numbers_differ", paper=item.pk, detail=f"{item.label} after {number}")
        number, late = item.number, item.late


def _verify_events() -> Iterator[Trouble]:
    """What the events of cases tell of the register is in it."""
    acts = ("register_evidence", "describe_evidence", "supersede_evidence")
    told = Q()
    for act in acts:
        told |= Q(verb__endswith=f".{act}")
    events = iter(Event.objects.filter(told).values_list("verb", "data").iterator(chunk_size=BATCH))
    while batch := list(islice(events, BATCH)):
        yield from _verify_told([(verb.rpartition(".")[2], data) for verb, data in batch])


def _verify_told(told: list[tuple[str, dict[str, str | int]]]) -> Iterator[Trouble]:
    registered = {UUID(pk) for act, data in told if act == "register_evidence" for pk in str(data["papers"]).split(",")}
    items = set(Item.objects.filter(pk__in=registered).values_list("pk", flat=True))
    yield from (Trouble("item_missing", paper=pk) for pk in sorted(registered - items))
    said = {UUID(str(data["paper"])): int(data["words"]) for act, data in told if act == "describe_evidence"}
    rows = Description.objects.filter(item__in=said).values_list("item").annotate(last=Max("version"))
    last = dict(rows)
    yield from (
        Trouble("words_missing", paper=pk, detail=f"version {version}")
        for pk, version in said.items()
        if last.get(pk, 0) < version
    )
    ended = {UUID(str(data["paper"])) for act, data in told if act == "supersede_evidence"}
    rows_ended = set(Supersession.objects.filter(pk__in=ended).values_list("pk", flat=True))
    yield from (Trouble("supersession_missing", paper=pk) for pk in sorted(ended - rows_ended))
