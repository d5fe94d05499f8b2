"""Policy in force, got there by the acts of two people."""

from __future__ import annotations

from datetime import datetime

from cases.policy import actions, in_force
from cases.policy.in_force import Reply
from jike.accounts.models import User
from jike.accounts.roles import actor_of
from jike.base.dates import cst_date
from tests.factories.complaints import RECEIVED
from tests.people import Cast, staff


def reply_text(
    cast: Cast,
    content: str = "{姓名}您好，您的投诉{案件编号}正在办理。",
    *,
    code: str = "hello",
    now: datetime = RECEIVED,
) -> Reply:
    """A reply text in force. Whoever uses it forgets what is kept in memory afterwards: the `replies` fixture of conftest."""
    second = User.objects.filter(username="policy-second").first() or staff("policy-second", "security_admin").user
    made = actions.draft_policy(
        actor=cast.supervisor.actor,
        now=now,
        subject="reply",
        code=code,
        title=code,
        content=content,
        effective_from=cst_date(now),
    )
    made = actions.propose_policy(made, actor=cast.supervisor.actor, now=now)
    made = actions.approve_policy(made, actor=actor_of(second), now=now, content_sha256=made.content_sha256)
    in_force.forget()
    return next(reply for reply in in_force.replies(on=cst_date(now)) if reply.version == str(made.pk))
