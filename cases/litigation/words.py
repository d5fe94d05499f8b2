"""The words in which the consumer is told of a litigation."""

from __future__ import annotations

from datetime import datetime

from cases.litigation.models import Litigation
from cases.models import Message
from cases.queries import complainant_of
from cases.wording import Wording


def _w(name: str, subject: str, *words: str) -> Wording:
    return Wording("litigation", f"{name}.2026-11", Message.Purpose.LETTER, subject, ("origin", *words), is_short=False)


REQUESTED = _w("requested", "诉讼支持：已收到您的申请")
DECLINED = _w("declined", "诉讼支持：未能提供支持", "told")
CONFIRM = _w("confirm", "诉讼支持：请您核对诉讼材料")
FILED = _w("filed", "诉讼支持：材料已递交法院", "court", "filed_on")
DOCKETED = _w("docketed", "诉讼支持：法院已立案", "court", "docket", "is_small")
FEE = _w("fee", "诉讼支持：法院通知交纳诉讼费", "court", "cny", "until", "is_own")
REJECTED = _w("rejected", "诉讼支持：法院未支持立案或审理", "court", "until")
HEARING = _w("hearing", "诉讼支持：开庭安排", "court", "at", "place")
HEARING_OFF = _w("hearing_off", "诉讼支持：开庭取消", "court", "at")
JUDGED = _w("judged", "诉讼支持：已收到判决", "court", "until", "is_small")
EFFECTIVE = _w("effective", "诉讼支持：裁判已生效", "court", "perform_by", "is_awarded")
RULED_ABOVE = _w("ruled_above", "诉讼支持：上诉法院已作出裁定", "is_upheld")
LAPSING = _w("lapsing", "诉讼支持：期限临近", "what", "until", "days")
ENDED = _w("ended", "诉讼支持已结束", "how")


def tell(case: Litigation, wording: Wording, *, now: datetime, **words: object) -> None:
    """Tell the consumer, if one is known, by every way the matter knows."""
    party = complainant_of(case)
    if party:
        wording.queue(case, party, now=now, origin=case.matter.number, **words)
