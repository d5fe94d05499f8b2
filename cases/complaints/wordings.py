"""What complaints say to the consumer, one line a text, and which verb says which."""

from __future__ import annotations

from cases.models import Message
from cases.wording import Wording

_F, _P = "complaints", Message.Purpose
RECEIPT = Wording(_F, "receipt.2026-11", _P.RECEIPT, "投诉受理回执", ("receipt_code", "due_at"), is_short=False)
ACCEPTANCE = Wording(_F, "acceptance.2026-11", _P.ACCEPTANCE, "投诉已受理", ("handler", "due_at"), "投诉受理告知书")
SUPPLEMENT = Wording(_F, "supplement.2026-11", _P.SUPPLEMENT, "请补充材料", ("items", "due_at"), "补充材料告知书")
DECLINE = Wording(
    _F, "decline.2026-11", _P.DECLINE, "投诉不予办理告知", ("told", "explanation", "remedies"), "投诉不予办理告知书"
)
EXTENSION = Wording(
    _F,
    "extension.2026-11",
    _P.EXTENSION,
    "投诉办理期限延长告知",
    ("old_due", "new_due", "reason", "is_last"),
    "投诉办理期限延长告知书",
)
PAUSE = Wording(
    _F,
    "pause.2026-11",
    _P.PAUSE,
    "投诉办理期限暂停、恢复告知",
    ("kind", "first_on", "last_on", "is_over", "old_due", "new_due"),
    "投诉办理期限暂停、恢复告知书",
)
AGREEMENT = Wording(
    _F, "agreement.2026-11", _P.AGREEMENT, "商定投诉办理期限", ("old_due", "new_due"), "商定投诉办理期限确认书"
)
RESTART = Wording(
    _F,
    "restart.2026-11",
    _P.RESTART,
    "投诉办理期限重新计算",
    ("received_at", "old_due", "new_due"),
    "投诉办理期限重新计算告知书",
)
RECEIPT_TIME = Wording(
    _F,
    "receipt_time.2026-11",
    _P.CORRECTION,
    "投诉收到时间更正告知",
    ("was_received", "received", "old_due", "new_due", "is_late", "reason"),
    "投诉收到时间更正告知书",
)
DECISION = Wording(_F, "decision.2026-11", _P.DECISION, "投诉处理决定告知", is_short=False)
WITHDRAWAL = Wording(_F, "withdrawal.2026-11", _P.WITHDRAWAL, "投诉撤回确认", title="投诉撤回确认书")
RECUSAL = Wording(
    _F, "recusal.2026-11", _P.RECUSAL, "回避申请结果", ("verdict",), "回避申请审查结果告知书", reach=("inbox",)
)
CLOSING = Wording(_F, "closing.2026-11", _P.CLOSING, "投诉办结", title="投诉办结告知书", reach=("inbox",))
REVIEW_ASKED = Wording(
    _F, "review_asked.2026-11", _P.REVIEW, "核查申请收悉", ("reviewer", "due_at"), "核查申请受理告知书"
)
REVIEW_DECISION = Wording(_F, "review_decision.2026-11", _P.DECISION, "核查决定告知", is_short=False)
MERGED = Wording(_F, "merged.2026-11", _P.MERGE, "投诉合并处理告知", ("into", "due_at"), "投诉合并处理告知书")
UNMERGED = Wording(_F, "unmerged.2026-11", _P.MERGE, "投诉恢复单独处理告知", ("due_at",), "投诉恢复单独处理告知书")
REOPENED = Wording(_F, "reopened.2026-11", _P.REOPENING, "投诉重新办理告知", ("ground", "due_at"), "投诉重新办理告知书")
PHONE_ASKED = Wording(_F, "phone_asked.2026-11", _P.CONTACT, "申请变更手机号", ("new",), is_short=False)
PHONE_CHANGED = Wording(_F, "phone_changed.2026-11", _P.CONTACT, "联系手机已变更", ("old", "new"), is_short=False)
PHONE_REFUSED = Wording(
    _F, "phone_refused.2026-11", _P.CONTACT, "变更手机号未予办理", ("new", "reason"), is_short=False
)
ACCEPTED = Wording(
    _F, "accepted.2026-11", _P.STATEMENT, "您对处理决定表示接受", ("effect",), is_short=False, reach=("inbox",)
)
CONTESTED = Wording(
    _F, "contested.2026-11", _P.STATEMENT, "您对处理决定提出异议", ("effect",), is_short=False, reach=("inbox",)
)
SURVEY = Wording(_F, "survey.2026-11", _P.SURVEY, "邀请您评价", is_short=False, reach=("inbox", "sms"))

TOLD_BY = {
    "complaints.accept": ACCEPTANCE,
    "complaints.ask_supplement": SUPPLEMENT,
    "complaints.decline": DECLINE,
    "complaints.confirm_decline": DECLINE,
    "complaints.extend_30": EXTENSION,
    "complaints.extend_60": EXTENSION,
    "complaints.approve_extension": EXTENSION,
    "complaints.pause": PAUSE,
    "complaints.resume": PAUSE,
    "complaints.agree_deadline": AGREEMENT,
    "complaints.ask_restart": RESTART,
    "complaints.approve_restart": RESTART,
    "complaints.ask_receipt_time": RECEIPT_TIME,
    "complaints.approve_receipt_time": RECEIPT_TIME,
    "complaints.propose_decision": DECISION,
    "complaints.approve_decision": DECISION,
    "complaints.decide_review": REVIEW_DECISION,
    "complaints.withdraw": WITHDRAWAL,
    "complaints.decide_recusal": RECUSAL,
    "complaints.close": CLOSING,
    "complaints.request_review": REVIEW_ASKED,
    "complaints.ask_merge": MERGED,
    "complaints.merge": MERGED,
    "complaints.unmerge": UNMERGED,
    "complaints.reopen": REOPENED,
    "complaints.notify": SURVEY,
    "complaints.waive_notice": SURVEY,
    "complaints.approve_phone": PHONE_CHANGED,
    "complaints.refuse_phone": PHONE_REFUSED,
}
"""What each verb says, or will say once a second person agrees. Every verb that tells is in it, so that it can be previewed."""
