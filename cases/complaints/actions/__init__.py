"""Everything that can happen to a complaint, one function each."""

from cases.complaints.actions.adding import add_facts, approve_restart, ask_restart
from cases.complaints.actions.assigning import accept_transfer, auto_assign, return_transfer, transfer
from cases.complaints.actions.attaching import attach_paper, rule_on_paper, set_aside_paper
from cases.complaints.actions.bundles import (
    ask_bundle_release,
    build_bundle,
    halt_bundle,
    hand_out_bundle,
    issue_bundle,
    release_bundle,
)
from cases.complaints.actions.contacts import approve_phone, ask_phone, change_phone, check_phone, refuse_phone
from cases.complaints.actions.copies import redact_evidence, release_evidence
from cases.complaints.actions.correcting import approve_receipt_time, ask_receipt_time, correct_facts
from cases.complaints.actions.deciding import approve_decision, propose_decision, return_decision
from cases.complaints.actions.declining import confirm_decline, decline_complaint, tell_decline
from cases.complaints.actions.ending import (
    answer_survey,
    ask_reopen,
    close_complaint,
    confirm_redress,
    reopen_complaint,
    withdraw_complaint,
)
from cases.complaints.actions.evidence import (
    describe_evidence,
    hand_over_evidence,
    lock_evidence,
    register_evidence,
    reorder_evidence,
    supersede_evidence,
)
from cases.complaints.actions.extending import approve_extension, extend_30, extend_60, settle_extension
from cases.complaints.actions.filing import file_complaint, take_in_complaint
from cases.complaints.actions.handling import (
    accept_complaint,
    add_note,
    assign_complaint,
    claim_complaint,
    classify_complaint,
    send_message,
)
from cases.complaints.actions.linking import link_case, unlink_case
from cases.complaints.actions.mass import form_mass, join_mass, leave_mass
from cases.complaints.actions.mediating import open_mediation
from cases.complaints.actions.merging import ask_merge, count_repeat, merge_complaint, unmerge_complaint
from cases.complaints.actions.naming import name_salesperson
from cases.complaints.actions.notice import (
    ask_waiver,
    issue_letter,
    issue_notice,
    issue_receipt,
    notify_decision,
    record_attempt,
    waive_notice,
)
from cases.complaints.actions.parties import add_party, appoint_agent, record_joint, verify_authority
from cases.complaints.actions.pausing import agree_deadline, count_pause, pause_clock, resume_clock
from cases.complaints.actions.posting import record_post
from cases.complaints.actions.recusing import (
    decide_recusal,
    lift_recusal,
    recuse_by_relation,
    recuse_oneself,
    request_recusal,
)
from cases.complaints.actions.replying import send_reply
from cases.complaints.actions.reporting import open_house_report, open_police_report
from cases.complaints.actions.returning import return_request
from cases.complaints.actions.reviewing import decide_review, request_review
from cases.complaints.actions.sources import add_source, forward_to_funder, record_funder_reply, reply_source
from cases.complaints.actions.splitting import split_off
from cases.complaints.actions.stating import accept_decision, contest_decision
from cases.complaints.actions.suing import open_litigation
from cases.complaints.actions.supplementing import ask_supplement, supplement_complaint
from cases.complaints.actions.tasks import add_task, finish_task, flag_complaint, skip_task

__all__ = [
    "accept_complaint",
    "accept_decision",
    "accept_transfer",
    "add_facts",
    "add_note",
    "add_party",
    "add_source",
    "add_task",
    "agree_deadline",
    "answer_survey",
    "appoint_agent",
    "approve_decision",
    "approve_extension",
    "approve_phone",
    "approve_receipt_time",
    "approve_restart",
    "ask_bundle_release",
    "ask_merge",
    "ask_phone",
    "ask_receipt_time",
    "ask_reopen",
    "ask_restart",
    "ask_supplement",
    "ask_waiver",
    "assign_complaint",
    "attach_paper",
    "auto_assign",
    "build_bundle",
    "change_phone",
    "check_phone",
    "claim_complaint",
    "classify_complaint",
    "close_complaint",
    "confirm_decline",
    "confirm_redress",
    "contest_decision",
    "correct_facts",
    "count_pause",
    "count_repeat",
    "decide_recusal",
    "decide_review",
    "decline_complaint",
    "describe_evidence",
    "extend_30",
    "extend_60",
    "file_complaint",
    "finish_task",
    "flag_complaint",
    "form_mass",
    "forward_to_funder",
    "halt_bundle",
    "hand_out_bundle",
    "hand_over_evidence",
    "issue_bundle",
    "issue_letter",
    "issue_notice",
    "issue_receipt",
    "join_mass",
    "leave_mass",
    "lift_recusal",
    "link_case",
    "lock_evidence",
    "merge_complaint",
    "name_salesperson",
    "notify_decision",
    "open_house_report",
    "open_litigation",
    "open_mediation",
    "open_police_report",
    "pause_clock",
    "propose_decision",
    "record_attempt",
    "record_funder_reply",
    "record_joint",
    "record_post",
    "recuse_by_relation",
    "recuse_oneself",
    "redact_evidence",
    "refuse_phone",
    "register_evidence",
    "release_bundle",
    "release_evidence",
    "reopen_complaint",
    "reorder_evidence",
    "reply_source",
    "request_recusal",
    "request_review",
    "resume_clock",
    "return_decision",
    "return_request",
    "return_transfer",
    "rule_on_paper",
    "send_message",
    "send_reply",
    "set_aside_paper",
    "settle_extension",
    "skip_task",
    "split_off",
    "supersede_evidence",
    "supplement_complaint",
    "take_in_complaint",
    "tell_decline",
    "transfer",
    "unlink_case",
    "unmerge_complaint",
    "verify_authority",
    "waive_notice",
    "withdraw_complaint",
]
