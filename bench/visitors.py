"""Prepares visitors in a working copy: signed-in staff, cases to look at and to accept, drafts ready to be sent.

Printed as one line of JSON. Run by `bench.product` with the product's environment.
"""

import json
import os
import time
from datetime import UTC, datetime
from random import Random
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "jike.settings"
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - after setup
from django.contrib.sessions.backends.db import SessionStore as PlainStore  # noqa: E402

from cases.complaints.portal import drafts  # noqa: E402
from cases.desk import queue, rails  # noqa: E402
from cases.models import Case  # noqa: E402
from cases.scale import people  # noqa: E402
from cases.scale.narratives import demand, narrative  # noqa: E402
from jike.accounts.models import User  # noqa: E402
from jike.accounts.roles import actor_of  # noqa: E402
from jike.web.sessions import PortalStore, SessionStore  # noqa: E402

LOOKED_AT, MOVES, DRAFTS = 500, 400, 400


def sign_in(store: Any, user: User) -> str:
    """A session of `user` as signing in leaves it."""
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), "jike.accounts.backends.StaffBackend"
    store[HASH_SESSION_KEY], store["touched"] = user.get_session_auth_hash(), int(time.time())
    store.set_expiry(86_400)
    store.save()
    return f"{store.session_key}"


def middle_of(user: User) -> str:
    """The cursor to the middle of the unit's queue."""
    now = datetime.now(UTC)
    cases = rails.open_cases(actor_of(user), rails.rail_named("team"), now=now).order_by("queue_at", "id")
    queue_at, pk = cases.values_list("queue_at", "id")[cases.count() // 2]
    return queue.encode_cursor(queue_at, pk)


def draft(n: int) -> dict[str, str]:
    """A draft whose phone is proven, in a portal session of its own."""
    chance, store = Random(f"draft:{n}"), PortalStore()
    phone = people.phone(99, n)
    words = {
        "matter": "other",
        "who": "self",
        "narrative": narrative(chance, 2026),
        "claim": demand(chance),
        "amount": "3000",
        "merchant": "",
        "name": people.name(chance),
    }
    now = datetime.now(UTC)
    begun = drafts.draft_of(store, now=now).with_(**words, phone=phone, proven=phone)
    drafts.keep(store, begun, now=now)
    store["touched"] = int(time.time())
    store.save()
    return {"session": f"{store.session_key}", "token": begun.token}


def visitors() -> dict[str, Any]:
    reader = (
        User.objects.filter(username__startswith="scale-", roles__contains=["supervisor"]).order_by("username").first()
    )
    assert reader is not None
    waiting = (
        Case.objects.filter(state="received", assignee__isnull=False).select_related("assignee").order_by("?")[:MOVES]
    )
    sessions: dict[Any, str] = {}
    moves = []
    for case in waiting:
        session = sessions.get(case.assignee_id) or sign_in(SessionStore(), case.assignee)
        sessions[case.assignee_id] = session
        moves.append({"number": case.number, "version": case.version, "session": session})
    return {
        "floor": sign_in(PlainStore(), reader),
        "reader": sign_in(SessionStore(), reader),
        "middle": middle_of(reader),
        "numbers": list(
            Case.objects.filter(unit_id=reader.unit_id).order_by("?").values_list("number", flat=True)[:LOOKED_AT]
        ),
        "known": Case.objects.filter(unit_id=reader.unit_id).order_by("number")[0].number,
        "to_accept": moves,
        "drafts": [draft(n) for n in range(DRAFTS)],
    }


if __name__ == "__main__":
    print(json.dumps(visitors()))
