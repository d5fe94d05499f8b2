"""Who else takes part in a complaint, by which doors it came, and what the funder was asked."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.models import Forwarding, Party, Source
from cases.panels import Item, Panel
from jike.privacy import open_sealed
from jike.web.pages import short_date


def people_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """Agents, heirs and representatives with the state of their proof, and who the complaint is about. Source: O2020-3 art 14."""
    others = [party for party in case.known_parties if party.role != Party.Role.COMPLAINANT]
    if not others:
        return None
    left = sum(party.role in Party.ACTS_FOR and party.verified_at is None for party in others)
    lines = tuple(_party(party) for party in others)
    return Panel("people", _("Agents, heirs, representatives"), "people", lines, left)


def _party(party: Party) -> Item:
    what = format_lazy("{role} · {name}", role=party.get_role_display(), name=open_sealed(party, "name"))
    sealed = [open_sealed(party, part) for part in ("relation", "authority_note") if getattr(party, part)]
    if party.role not in Party.ACTS_FOR:
        return Item(what, notes=tuple(sealed))
    if party.verified_at is None:
        act = ("party", str(party.pk))
        return Item(what, party.get_authority_display(), "warn", tuple(sealed), "verify_authority", act)
    notes = (*sealed, short_date(party.verified_at))
    return Item(what, party.get_authority_display(), "good", notes)


def sources_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """Every arrival of the same grievance, each with the answer it got or still waits for."""
    rows = list(case.sources.prefetch_related("replies").order_by("received_at", "id"))
    if not rows:
        return None
    lines = tuple(_source(row) for row in rows)
    return Panel("sources", _("Sources and their answers"), "inbox", lines, sum(line.tone == "warn" for line in lines))


def _source(row: Source) -> Item:
    what = f"{row.name} {row.external_id}"
    replies = sorted(row.replies.all(), key=lambda reply: reply.replied_at)
    notes = [format_lazy(_("Received {at}"), at=short_date(row.received_at))]
    if row.transferred_at:
        notes.append(format_lazy(_("Transferred {at}"), at=short_date(row.transferred_at)))
    notes += [f"{short_date(reply.replied_at)} {open_sealed(reply, 'body')}" for reply in replies]
    choice = ("source", str(row.pk))
    if replies:
        return Item(what, _("Answered"), "good", tuple(notes), "reply_source", choice)
    return Item(what, _("Not answered yet"), "warn", tuple(notes), "reply_source", choice)


def funder_panel(case: Complaint, *, now: datetime) -> Panel | None:
    """What was passed on to the funder and what came back. Source: house FUNDER."""
    rows = Forwarding.objects.filter(case_id=case.pk).select_related("funder").order_by("-forwarded_at")
    lines = tuple(_forwarding(row) for row in rows)
    return Panel("funder", _("The funder's part"), "bank", lines, sum(line.tone == "warn" for line in lines))


def _forwarding(row: Forwarding) -> Item:
    is_late = row.forwarded_at > row.due_at
    due = format_lazy(_("Passed on {at}, due {due}"), at=short_date(row.forwarded_at), due=short_date(row.due_at))
    late = (_("Passed on too late"),) if is_late else ()
    if row.replied_at is None:
        notes = (open_sealed(row, "words"), due, *late)
        return Item(row.funder.name, _("Not answered yet"), "warn", notes, "record_funder_reply")
    notes = (open_sealed(row, "words"), due, *late, f"{short_date(row.replied_at)} {open_sealed(row, 'reply')}")
    return Item(row.funder.name, _("Answered"), "good", notes)
