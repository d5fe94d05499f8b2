"""What goes into a bundle, in order and in words: read once, sealed as the manifest, and everything is made from that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import override

from cases.attachments.models import Attachment
from cases.bundles.beside import beside
from cases.bundles.models import Bundle
from cases.bundles.profiles import Profile
from cases.copies.queries import copy_for
from cases.evidence.models import Custody, Item
from cases.evidence.queries import Row, rows_of
from cases.kinds import kind_named
from cases.models import Case, Party
from jike import ledger
from jike.base.dates import CST
from jike.ledger.models import Entry
from jike.privacy import open_sealed
from jike.verbs import verb_named

FORM = "jike bundle 1"
NAMED = (Party.Role.COMPLAINANT, Party.Role.AGENT, Party.Role.HEIR, Party.Role.REPRESENTATIVE, Party.Role.RESPONDENT)
_RELATED = ("attachment__file", "attachment__examination", "attachment__view", "superseded__by")


def rows_for(case: Case, profile: Profile, *, without: Collection[UUID] = ()) -> list[Row]:
    """The items that would go in, in the order of the register: none that is relied on no more, none of `without`."""
    items = Item.objects.filter(case_id=case.pk, superseded=None).exclude(pk__in=without)
    if profile.is_own:
        items = items.filter(attachment__added_by_kind="consumer")
    return rows_of(items.select_related(*_RELATED).order_by("number", "late"))


def manifest_of(case: Case, profile: Profile, rows: list[Row], *, lock: bool = False) -> dict[str, Any]:
    """Everything that makes a bundle what it is. No moment of making, no machine, no name of who asks: the same register gives the same.

    With `lock` what both sides of a talk released cannot be taken back before the transaction ends.
    """
    with override("zh-hans"):
        released = beside(case, profile, lock=lock)
        return {
            "form": FORM,
            "case": case.number,
            "profile": profile.code,
            "title": profile.title,
            "parties": [
                {"role": str(party.get_role_display()), "name": open_sealed(party, "name")}
                for party in case.parties.filter(role__in=NAMED).order_by("created_at", "id")
            ],
            "items": [
                _item(row, entry, covered_sha256(row.paper, profile))
                for row, entry in zip(rows, _entries(rows), strict=True)
            ],
            "events": list(_events(case)),
        } | ({"released": released} if released else {})


def read(bundle: Bundle) -> dict[str, Any]:
    """The manifest of a bundle, as it was sealed."""
    found: dict[str, Any] = json.loads(open_sealed(bundle, "manifest"))
    return found


def papers_in(bundle: Bundle) -> list[UUID]:
    """The ids of the papers of a bundle in the order of its manifest."""
    return [UUID(item["paper"]) for item in read(bundle)["items"]]


def papers_of(bundle: Bundle) -> list[Attachment]:
    """The papers of a bundle in the order of its manifest."""
    listed = papers_in(bundle)
    found = Attachment.objects.select_related("file", "examination").in_bulk(listed)
    return [found[pk] for pk in listed]


def sha256_of(manifest: dict[str, Any]) -> bytes:
    return hashlib.sha256(ledger.canonical(manifest)).digest()


def covered_sha256(paper: Attachment, profile: Profile) -> str:
    """The hash of the copy with parts covered that this reader gets; empty where the pages themselves are shown."""
    copy = copy_for(paper, profile.audience)
    return copy.sha256 if copy and copy.is_redacted else ""


def _item(row: Row, entry: str, covered: str) -> dict[str, Any]:
    paper, words = row.paper, row.words
    return {
        "paper": str(paper.pk),
        "label": row.label,
        "class": str(words.get_evidence_class_display()),
        "title": row.title,
        "source": row.source,
        "proves": row.proves,
        "summary": row.summary,
        "form": str(words.get_form_display()),
        "pages": [words.page_from, words.page_to],
        "kind": paper.examination.kind,
        "size": paper.file.size,
        "sha256": row.sha256,
        "sm3": row.sm3,
        "covered_sha256": covered,
        # Where a part is covered, the name a device gave the file may say what was covered.
        "given_name": row.title if covered else open_sealed(paper, "given_name") or row.name,
        "captured_at": _local(paper.created_at),
        "captured_by": paper.added_by_kind,
        "captured_how": str(paper.get_captured_display()),
        "seconds": _whole(paper.examination.facts.get("seconds")),
        "entry": entry,
    }


def _whole(told: Any) -> int | None:
    return round(told) if isinstance(told, (int, float)) else None


def _entries(rows: list[Row]) -> list[str]:
    """The ledger entry that seals each paper's collection with its hash."""
    begun = dict(
        Custody.objects.filter(attachment__in=[row.paper.pk for row in rows], seq=1).values_list("attachment_id", "pk")
    )
    sealed = Entry.objects.filter(source=Custody.LEDGER_SOURCE, source_id__in=begun.values())
    entries = dict(sealed.values_list("source_id", "pk"))
    return [str(entries.get(begun.get(row.paper.pk), "")) for row in rows]


def _events(case: Case) -> Iterator[dict[str, str]]:
    """The milestones of the way a case of this kind goes: no note, no draft that a second person may still return, nothing that is
    said to one side only, and so no offer either. Source: house without prejudice."""
    kind = kind_named(case.kind)
    shown = {*kind.openers, *(f"{kind.area}.{short}" for short in kind.way), *kind.told_by}
    shown -= {f"{kind.area}.propose_decision", f"{kind.area}.message"}
    for event in case.events.filter(verb__in=shown, category="milestone").order_by("seq"):
        yield {"at": _local(event.at), "what": str(verb_named(event.verb).label), "seq": str(event.seq)}


def _local(at: datetime) -> str:
    """A moment as people in Shanghai read it."""
    return at.astimezone(CST).strftime("%Y-%m-%d %H:%M:%S")
