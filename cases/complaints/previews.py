"""What a verb will tell the consumer, before it is told: asked inside a rehearsal, or drafted while words are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from cases import approvals
from cases.complaints import correcting, declines, letters, wordings
from cases.complaints.models import Complaint
from cases.kinds import Foretold
from cases.messages import Text
from cases.models import Message
from cases.queries import complainant_of

Asked = approvals.Request


def foretold(case: Complaint, verb: str, said: Sequence[Text], *, now: datetime) -> Foretold:
    """What `verb`, just done to `case`, said to the consumer: `said`, or what follows once a second person agrees."""
    texts = list(said) or _once_agreed(case, verb, now=now)
    return Foretold(texts, _sheet(case, texts) or _decision_sheet(case, verb), is_exact=True)


def drafted(case: Complaint, verb: str, known: Mapping[str, Any], *, now: datetime) -> Foretold:
    """The texts as far as `known` goes; every other word is marked."""
    party, wording = complainant_of(case), wordings.TOLD_BY.get(verb)
    if party is None or wording is None:
        return Foretold([], "")
    texts = wording.draft(case, party, now=now, **known)
    return Foretold(texts, _sheet(case, texts))


def _sheet(case: Complaint, texts: Sequence[Text]) -> str:
    for text in texts:
        if text.channel == Message.Channel.LETTER:
            return letters.notice_sheet(case, text.subject, text.body, **letters.UNISSUED, verify_url=_verify_url())
    return ""


def _decision_sheet(case: Complaint, verb: str) -> str:
    decides = wordings.TOLD_BY.get(verb) in (wordings.DECISION, wordings.REVIEW_DECISION)
    decision = case.decisions.order_by("version").last() if decides else None
    return letters.decision_sheet(case, decision, **letters.UNISSUED, verify_url=_verify_url()) if decision else ""


def _verify_url() -> str:
    return f"{settings.PUBLIC_BASE_URL}/verify/"


def _once_agreed(case: Complaint, verb: str, *, now: datetime) -> list[Text]:
    """What the approval of the request just made will tell, from the words of the request."""
    party, after = complainant_of(case), _AFTER_A_VOTE.get(verb)
    if party is None or after is None:
        return []
    vote, words_of = after
    approval = approvals.waiting_for(case, vote)
    if approval is None:
        return []
    return wordings.TOLD_BY[verb].texts(case, party, now=now, **words_of(case, approvals.request_of(approval)))


def _of_extension(case: Complaint, asked: Asked) -> dict[str, Any]:
    return _days(asked) | {"reason": asked["reason"], "is_last": asked["code"] == "CMP60"}


def _of_restart(case: Complaint, asked: Asked) -> dict[str, Any]:
    return _days(asked) | {"received_at": _instant(asked["received"])}


def _of_merge(case: Complaint, asked: Asked) -> dict[str, Any]:
    into = Complaint.objects.get(number=asked["into"])
    return {"into": into.number, "due_at": into.next_due_at}


def _days(asked: Asked) -> dict[str, Any]:
    return {name: _instant(asked[name]) for name in ("old_due", "new_due")}


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


_AFTER_A_VOTE: dict[str, tuple[str, Callable[[Complaint, Asked], dict[str, Any]]]] = {
    "complaints.decline": ("complaints.confirm_decline", lambda case, asked: declines.words_of(asked)),
    "complaints.extend_30": ("complaints.approve_extension", _of_extension),
    "complaints.extend_60": ("complaints.approve_extension", _of_extension),
    "complaints.ask_restart": ("complaints.approve_restart", _of_restart),
    "complaints.ask_receipt_time": ("complaints.approve_receipt_time", lambda case, asked: correcting.words_of(asked)),
    "complaints.ask_merge": ("complaints.merge", _of_merge),
    "complaints.propose_decision": ("complaints.approve_decision", lambda case, asked: {}),
}
"""Verbs that ask a second person: the vote that tells, and the words it will tell."""
