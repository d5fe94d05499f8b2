"""Keeping the complaint that is being written: in the browser for a day, and for thirty where somebody wants to go on later.

The session holds the id of the draft and nothing about a person. Thrown away, expired and filed drafts leave nothing readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cases.attachments import receiving
from cases.complaints.portal.models import Draft
from cases.models import Case
from jike.base import rows
from jike.base.errors import Blocker, Refused
from jike.base.ids import normalise_code, random_code, uuid7
from jike.privacy import Unreadable, blind_index, destroy_key

SLOT = "draft_id"
KEPT = timedelta(days=1)
KEPT_LONGER = timedelta(days=30)
MOST_TRIES = 5
TRIES_FORGOTTEN = timedelta(hours=1)
BATCH = 200


@dataclass(frozen=True, slots=True)
class Ticket:
    """What opens a draft on another day: an address with a random part, and a code. One without the other opens nothing."""

    link: str
    code: str
    until: datetime


def draft_of(session: SessionBase, *, now: datetime) -> Draft:
    """The draft of this visitor, or a new one. A new one is written only once something was typed."""
    kept = session.get(SLOT)
    found = rows.first(Draft, "id = %s AND expires_at > %s", [kept, now]) if kept else None
    if found is not None and _is_readable(found):
        return found
    return Draft(id=uuid7(), created_at=now, saved_at=now, expires_at=now + KEPT)


def _is_readable(draft: Draft) -> bool:
    """False for one that is being destroyed by another process."""
    try:
        return isinstance(draft.answers, dict)
    except Unreadable:
        return False


def keep(session: SessionBase, draft: Draft, *, now: datetime) -> None:
    """Write the draft, sealed; each change gives it its full time again."""
    draft.saved_at, draft.expires_at = now, now + (KEPT_LONGER if draft.is_kept_longer else KEPT)
    if not draft.content:
        draft.with_answers({})
    draft.save(force_insert=draft._state.adding)
    session[SLOT] = str(draft.pk)
    session.set_expiry(int(KEPT.total_seconds()))


def ticket_for(draft: Draft, *, now: datetime) -> Ticket:
    """A new way back to the draft, good for thirty days; an earlier one is worth nothing any more."""
    link, code = random_code(), random_code(groups=3)
    draft.link_index, draft.code_index = blind_index("draft link", link), blind_index("draft code", code)
    draft.expires_at = now + KEPT_LONGER
    draft.save(update_fields=["link_index", "code_index", "expires_at"])
    return Ticket(link, code, draft.expires_at)


def draft_by_link(link: str, *, now: datetime) -> Draft | None:
    index = blind_index("draft link", normalise_code(link))
    return Draft.objects.filter(link_index=index, expires_at__gt=now).first()


def open_with_code(link: str, code: str, *, now: datetime) -> Draft:
    """The draft that link and code open together. Every wrong answer is the same; after five the link rests for an hour."""
    draft = take_try(link, now=now)
    if draft is None or bytes(draft.code_index or b"") != blind_index("draft code", normalise_code(code)):
        raise wrong_code()
    return draft


def wrong_code() -> Refused:
    """The one answer to whatever does not fit: no such link, another code, another number."""
    why = _("The code does not fit, or the draft is gone. Please compare it with what you noted.")
    return Refused([Blocker("resume.wrong", why, field="code")])


def take_try(link: str, *, now: datetime) -> Draft | None:
    """The draft of this link, one try poorer, in a transaction of its own. Raises `Refused` when too many were wrong."""
    with transaction.atomic():
        found = draft_by_link(link, now=now)
        draft = Draft.objects.select_for_update().get(pk=found.pk) if found else None
        if draft is None:
            return None
        if draft.tries_since is None or draft.tries_since < now - TRIES_FORGOTTEN:
            draft.tries, draft.tries_since = 0, now
        if draft.tries >= MOST_TRIES:
            raise Refused(
                [
                    Blocker(
                        "resume.too_many",
                        _("Too many wrong codes. Please try again in an hour, or call our hotline."),
                        field="code",
                    )
                ]
            )
        draft.tries += 1
        draft.save(update_fields=["tries", "tries_since"])
    return draft


def enter(session: SessionBase, draft: Draft, *, now: datetime) -> None:
    """Let this browser write on. It gets a new session key, and the tries begin anew."""
    draft.tries, draft.tries_since = 0, None
    draft.save(update_fields=["tries", "tries_since"])
    session.cycle_key()
    keep(session, draft, now=now)


def drop(session: SessionBase, *, now: datetime) -> None:
    """Throw the draft of this browser away, with its papers and its key."""
    if (kept := session.pop(SLOT, None)) is not None:
        destroy(list(Draft.objects.filter(pk=kept)), now=now)
    session.set_expiry(None)


def leave_to_case(session: SessionBase, draft: Draft) -> None:
    """Forget a draft that was filed: its words are in the case now, and its key is the case's."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_draft WHERE id = %s", [draft.pk])
    session.pop(SLOT, None)
    session.set_expiry(None)


def destroy(found: list[Draft], *, now: datetime) -> int:
    """Destroy drafts: the key first, then rows and bytes. One that became a case meanwhile only loses its row."""
    filed = set(Case.objects.filter(pk__in=[d.pk for d in found]).values_list("pk", flat=True))
    for draft in found:
        if draft.pk not in filed:
            destroy_key(draft.pk, now=now)
            receiving.forget(draft.pk)
        draft.delete()
    return len(found)


def destroy_expired(now: datetime) -> int:
    """Destroy drafts whose time is over; at most `BATCH` in one run."""
    return destroy(list(Draft.objects.filter(expires_at__lte=now).order_by("expires_at")[:BATCH]), now=now)
