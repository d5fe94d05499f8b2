"""Everything that can happen to an inquiry, one function each."""

from cases.inquiries.actions.ending import answer_inquiry, conclude_inquiry, notify_person, route_inquiry
from cases.inquiries.actions.filing import convert_inquiry, file_from, file_inquiry
from cases.inquiries.actions.handling import (
    add_note,
    assign_inquiry,
    auto_assign,
    claim_inquiry,
    decide_recusal,
    lift_recusal,
    recuse_by_relation,
    recuse_oneself,
    request_recusal,
    send_message,
)

__all__ = [
    "add_note",
    "answer_inquiry",
    "assign_inquiry",
    "auto_assign",
    "claim_inquiry",
    "conclude_inquiry",
    "convert_inquiry",
    "decide_recusal",
    "file_from",
    "file_inquiry",
    "lift_recusal",
    "notify_person",
    "recuse_by_relation",
    "recuse_oneself",
    "request_recusal",
    "route_inquiry",
    "send_message",
]
