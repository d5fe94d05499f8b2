"""The words in which the consumer is told of a police report. They name no suspect and no amount: messages are read on other people's screens."""

from __future__ import annotations

from cases.models import Message
from cases.police.states import Capacity, CaseEnd
from cases.wording import Wording

CAPACITIES = {
    Capacity.ACCUSER.value: "控告人（被害人）",
    Capacity.REPORTER.value: "报案人",
    Capacity.INFORMANT.value: "举报人",
}
ENDS = {
    CaseEnd.WITHDRAWN.value: "案件已撤销",
    CaseEnd.NOT_PROSECUTED.value: "检察机关决定不起诉",
    CaseEnd.JUDGED.value: "刑事裁判已生效",
}
REMEDIES = {"RECON": "向作出不予立案决定的公安机关申请复议", "REREV": "向上一级公安机关申请复核"}
DAYS = ("strict", "last", "is_rolled", "is_late", "is_over")


def _told(step: str, subject: str, *words: str, is_short: bool = False) -> Wording:
    """What holds words of people or of a list is short on a phone's screen, and read whole after signing in."""
    return Wording("police", f"{step}.2026-11", Message.Purpose.LETTER, subject, ("origin", *words), is_short=is_short)


OPENED = _told("opened", "协助刑事报案：已登记", "capacity")
DECLINED = _told("declined", "协助刑事报案：不予协助", "reason", is_short=True)
MATERIALS = _told("materials", "协助刑事报案：请准备材料", "items", is_short=True)
STATEMENT = _told("statement", "协助刑事报案：请核对并确认陈述", "version")
READY = _told("ready", "协助刑事报案：材料已齐备", "items", is_short=True)
VISITED = _told("visited", "协助刑事报案：请索取受案回执", "organ")
REPORTED = _told("reported", "协助刑事报案：已报案", "organ", "receipt_no", "accepted_on")
DOCKETED = _told("docketed", "协助刑事报案：公安机关已立案", "organ", "docket_no")
REFUSED = _told("refused", "协助刑事报案：公安机关不予立案", "organ", "refusal_no")
REFUSED_ACCUSER = _told("refused_accuser", "协助刑事报案：不予立案，您可以申请复议", "organ", "refusal_no", *DAYS)
RECONSIDERED = _told("reconsidered", "协助刑事报案：复议维持，您可以申请复核", "decision_no", *DAYS)
REMIND_REMEDY = _told("remind_remedy", "提醒：申请期限临近", "what", *DAYS)
REMIND_FOLLOW_UP = _told("remind_follow_up", "报案进展跟进", "organ", "receipt_no", "count")
CASE_ENDED = _told("case_ended", "协助刑事报案：刑事案件已有结果", "how", "known_on")
CLOSED = _told("closed", "协助刑事报案已结束")
