"""What the pages of notices show."""

from __future__ import annotations

from typing import Any

from cases.notices import labels
from cases.notices.queries import modes_of, reach_of, shown_to
from jike.base.actors import Actor
from jike.web.pages import short_date


def list_context(actor: Actor) -> dict[str, Any]:
    """`items` as printed, `unread` how many of them are not read and no task."""
    items = [
        {
            "notice": notice,
            "sentence": labels.sentence_of(notice),
            "at": short_date(notice.created_at),
            "is_new": notice.read_at is None,
            "tone": "bad" if notice.code == "clock.breached" else "warn" if notice.code.startswith("clock.") else "",
        }
        for notice in shown_to(actor)
    ]
    return {"items": items, "unread": sum(item["is_new"] and not item["notice"].is_task for item in items)}


def settings_initial(actor: Actor) -> dict[str, Any]:
    reach = reach_of(actor.user)
    initial = {name: getattr(reach, name) for name in ("email", "quiet_from", "quiet_until", "quiet_on_days_off")}
    return initial | {f"{code}:{channel}": mode for (_user, code, channel), mode in modes_of([actor.user]).items()}
