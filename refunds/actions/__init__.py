"""Everything that can happen to a return, one function each."""

from refunds.actions.asking import align_stop, contest_refusal, request_return
from refunds.actions.deciding import approve, hold, propose
from refunds.actions.ending import complete, correct, issue_certificate
from refunds.actions.handling import (
    add_note,
    assign_return,
    auto_assign,
    claim_return,
    decide_recusal,
    lift_recusal,
    recuse_by_relation,
    recuse_oneself,
    request_recusal,
)
from refunds.actions.judging import ask_merchant, begin_screening, judge, record_merchant
from refunds.actions.paying import alert_people, carry_on, follow_leg, go_on, reverse, stick
from refunds.actions.repairing import approve_account, ask_account, ask_leg, confirm_leg, retry_leg

__all__ = [
    "add_note",
    "alert_people",
    "align_stop",
    "approve",
    "approve_account",
    "ask_account",
    "ask_leg",
    "ask_merchant",
    "assign_return",
    "auto_assign",
    "begin_screening",
    "carry_on",
    "claim_return",
    "complete",
    "confirm_leg",
    "contest_refusal",
    "correct",
    "decide_recusal",
    "follow_leg",
    "go_on",
    "hold",
    "issue_certificate",
    "judge",
    "lift_recusal",
    "propose",
    "record_merchant",
    "recuse_by_relation",
    "recuse_oneself",
    "request_recusal",
    "request_return",
    "retry_leg",
    "reverse",
    "stick",
]
