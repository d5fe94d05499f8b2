"""Everything that can happen to a mediation, one function each."""

from cases.mediation.actions.agreeing import (
    apply_confirmation,
    decide_confirmation,
    draft_agreement,
    issue_agreement,
    seal_agreement,
    sign_agreement,
)
from cases.mediation.actions.delegating import delegate, end_delegation
from cases.mediation.actions.exhibiting import hand_in
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
    answer_facts,
    confirm_link,
    invite_merchant,
    issue_link,
    record_acceptance,
    record_link_sent,
    record_reminder,
    record_silence,
    renew_link,
    revoke_link,
    take_part,
)
from cases.mediation.actions.lengthening import answer_longer, end_period, propose_longer
from cases.mediation.actions.offering import answer_offer, lapse_offer, make_offer, record_session
from cases.mediation.actions.opening import consent, fail, leave, propose_mediation, refuse
from cases.mediation.actions.performing import begin_performance, confirm_term, record_breach, report_term
from cases.mediation.actions.releasing import release_offers, take_back_offers
from cases.mediation.actions.sealing_rounds import answer_round, lapse_round, open_round
from cases.mediation.actions.suing import open_litigation
from cases.mediation.actions.writing import ask_mediator, write_to_side

__all__ = [
    "add_note",
    "answer_facts",
    "answer_longer",
    "answer_offer",
    "answer_round",
    "apply_confirmation",
    "ask_mediator",
    "assign_mediation",
    "auto_assign",
    "begin_performance",
    "claim_mediation",
    "confirm_link",
    "confirm_term",
    "consent",
    "decide_confirmation",
    "decide_recusal",
    "delegate",
    "draft_agreement",
    "end_delegation",
    "end_period",
    "fail",
    "hand_in",
    "invite_merchant",
    "issue_agreement",
    "issue_link",
    "lapse_offer",
    "lapse_round",
    "leave",
    "lift_recusal",
    "make_offer",
    "open_litigation",
    "open_round",
    "propose_longer",
    "propose_mediation",
    "record_acceptance",
    "record_breach",
    "record_link_sent",
    "record_reminder",
    "record_session",
    "record_silence",
    "recuse_by_relation",
    "recuse_oneself",
    "refuse",
    "release_offers",
    "renew_link",
    "report_term",
    "request_recusal",
    "revoke_link",
    "seal_agreement",
    "sign_agreement",
    "take_back_offers",
    "take_part",
    "write_to_side",
]
