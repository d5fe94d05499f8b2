"""Everything that can happen to a mediation, one function each."""

from cases.mediation.actions.agreeing import (
    apply_confirmation,
    decide_confirmation,
    draft_agreement,
    seal_agreement,
    sign_agreement,
)
from cases.mediation.actions.handling import (
    add_note,
    assign_mediation,
    auto_assign,
    claim_mediation,
    decide_recusal,
    lift_recusal,
    recuse_by_relation,
    recuse_oneself,
    request_recusal,
)
from cases.mediation.actions.inviting import (
    confirm_link,
    invite_merchant,
    issue_link,
    record_acceptance,
    record_link_sent,
    record_reminder,
    record_silence,
    revoke_link,
    take_part,
)
from cases.mediation.actions.offering import answer_offer, lapse_offer, make_offer
from cases.mediation.actions.opening import consent, fail, leave, propose_mediation, refuse
from cases.mediation.actions.performing import begin_performance, confirm_term, record_breach, report_term
from cases.mediation.actions.suing import open_litigation

__all__ = [
    "add_note",
    "answer_offer",
    "apply_confirmation",
    "assign_mediation",
    "auto_assign",
    "begin_performance",
    "claim_mediation",
    "confirm_link",
    "confirm_term",
    "consent",
    "decide_confirmation",
    "decide_recusal",
    "draft_agreement",
    "fail",
    "invite_merchant",
    "issue_link",
    "lapse_offer",
    "leave",
    "lift_recusal",
    "make_offer",
    "open_litigation",
    "propose_mediation",
    "record_acceptance",
    "record_breach",
    "record_link_sent",
    "record_reminder",
    "record_silence",
    "recuse_by_relation",
    "recuse_oneself",
    "refuse",
    "report_term",
    "request_recusal",
    "revoke_link",
    "seal_agreement",
    "sign_agreement",
    "take_part",
]
