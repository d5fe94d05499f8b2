"""Keeping the register. Bodies of verbs: the case is locked, the rules have been asked; a kind registers them under its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.attachments.models import Attachment
from cases.evidence import custody
from cases.evidence.models import Description, Item, ListLock, Supersession
from cases.evidence.queries import papers_to_register
from cases.evidence.rules import is_locked
from cases.models import Case
from jike.base import rows
from jike.base.actors import Actor
from jike.files import kinds
from jike.outbox import jobs
from jike.privacy import open_sealed

PAGES_TOPIC = "copies.make_pages"


def register(
    case: Case, *, actor: Actor, now: datetime, papers: Sequence[Attachment] = (), after: int | None = None
) -> None:
    """Put papers into the register, oldest first; without `papers` all that are not in it. Their custody begins, if it has not yet.

    After the lock they get letters behind the number `after`, or behind the last. What can be known of one is filled in; the rest
    is for a person to say, and shown as a gap. Source: CPL art 66, EVID2019 art 19.
    """
    wanted = {paper.pk for paper in papers}
    chosen = [paper for paper in papers_to_register(case) if not wanted or paper.pk in wanted]
    number, late = _last_place(case, after)
    locked = is_locked(case)
    for paper in chosen:
        number, late = (number, late + 1) if locked else (number + 1, 0)
        item = Item(
            attachment=paper, case_id=case.pk, number=number, late=late, registered_by=_who(actor), registered_at=now
        )
        rows.insert(item, first_words(item, actor=actor, now=now))
        custody.begin(paper, now=now)
        ask_pages(paper, now=now)
    case.forget("known_evidence", holding="evidence")
    case.tell(items=len(chosen), papers=",".join(str(paper.pk) for paper in chosen), first=number if locked else None)


def ask_pages(paper: Attachment, *, now: datetime) -> None:
    """Ask a worker for the pages of a paper, once."""
    jobs.post(PAGES_TOPIC, key=f"{PAGES_TOPIC}:{paper.pk}", body={"attachment": str(paper.pk)}, now=now)


def _last_place(case: Case, after: int | None) -> tuple[int, int]:
    """The number to go on from, and the last letter behind it."""
    items = Item.objects.filter(case_id=case.pk)
    number = after or items.aggregate(last=Max("number"))["last"] or 0
    return number, items.filter(number=number).aggregate(last=Max("late"))["last"] or 0


def first_words(item: Item, *, actor: Actor, now: datetime) -> Description:
    """What is known of a paper without asking anybody: its name, who handed it in, its pages, the class where content leaves no doubt."""
    paper = item.attachment
    with override("zh-hans"):
        handed_in = {"consumer": _("Handed in by the consumer"), "merchant": _("Handed in by the merchant")}
        source = handed_in.get(paper.added_by_kind, _("Taken in by the house"))
    pages = _pages_of(paper)
    return Description(
        item=item,
        case_id=item.case_id,
        version=1,
        evidence_class=_class_of(paper.examination.kind),
        title=open_sealed(paper, "name"),
        source=source,
        proves="",
        summary="",
        page_from=1 if pages else None,
        page_to=pages,
        written_by=_who(actor),
        written_at=now,
    )


def _class_of(kind: str) -> str:
    if kind in kinds.RECORDINGS:
        return Description.Class.AUDIOVISUAL.value
    return Description.Class.ELECTRONIC.value if kind in kinds.MAILS else ""


def _pages_of(paper: Attachment) -> int | None:
    told = paper.examination.facts.get("pages")
    if isinstance(told, int) and told > 0:
        return told
    return 1 if paper.examination.kind in kinds.PICTURES else None


def describe(
    case: Case,
    *,
    actor: Actor,
    now: datetime,
    item: Item,
    evidence_class: str,
    title: str,
    source: str,
    proves: str,
    summary: str,
    page_from: int | None,
    page_to: int | None,
    form: str,
) -> None:
    """Say what an item is and what it is to prove; what was said before stays. Source: CPL art 66, EVID2019 art 19."""
    version = item.descriptions.count() + 1
    rows.insert(
        Description(
            item=item,
            case_id=case.pk,
            version=version,
            evidence_class=evidence_class,
            title=title.strip(),
            source=source.strip(),
            proves=proves.strip(),
            summary=summary.strip(),
            page_from=page_from or None,
            page_to=page_to or None,
            form=form,
            written_by=_who(actor),
            written_at=now,
        )
    )
    case.tell(paper=str(item.pk), words=version)


def reorder(case: Case, *, actor: Actor, now: datetime, order: Sequence[UUID]) -> None:
    """Number the whole list anew, in this order."""
    items = Item.objects.in_bulk(order)
    for number, pk in enumerate(order, start=1):
        items[pk].number = number
    Item.objects.bulk_update(items.values(), ["number"])
    case.tell(items=len(order), order=",".join(str(pk) for pk in order))


def supersede(case: Case, *, actor: Actor, now: datetime, item: Item, reason: str, by: Item | None = None) -> None:
    """An item is relied on no more; it keeps its number and stays visible, struck out."""
    rows.insert(
        Supersession(item=item, case_id=case.pk, by=by, reason=reason.strip(), done_by=_who(actor), done_at=now)
    )
    case.tell(paper=str(item.pk), by=str(by.pk) if by else None)


def hand_over(case: Case, *, actor: Actor, now: datetime, item: Item, to: str, reason: str) -> None:
    """Record that the original went to somebody: a court, the police, its owner. To whom and why is kept sealed."""
    row = custody.record(
        item.attachment, custody.Act.TRANSFERRED, actor=actor, reason=f"{to.strip()}：{reason.strip()}", now=now
    )
    case.tell(paper=str(item.pk), custody=row.seq)


def lock(case: Case, *, actor: Actor, now: datetime) -> None:
    """The list goes out as it stands: its numbers never change again."""
    items = Item.objects.filter(case_id=case.pk).count()
    rows.insert(ListLock(case_id=case.pk, items=items, locked_by=_who(actor), locked_at=now))
    case.tell(items=items)


def _who(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id
