"""Everything that can happen to a complaint, one function each."""

from cases.complaints.actions.deciding import approve_decision, propose_decision, return_decision
from cases.complaints.actions.ending import close_complaint, withdraw_complaint
from cases.complaints.actions.filing import file_complaint
from cases.complaints.actions.handling import (
    accept_complaint,
    add_note,
    assign_complaint,
    claim_complaint,
    classify_complaint,
    send_message,
)
from cases.complaints.actions.notice import issue_letter, notify_decision

__all__ = [
    "accept_complaint",
    "add_note",
    "approve_decision",
    "assign_complaint",
    "claim_complaint",
    "classify_complaint",
    "close_complaint",
    "file_complaint",
    "issue_letter",
    "notify_decision",
    "propose_decision",
    "return_decision",
    "send_message",
    "withdraw_complaint",
]
