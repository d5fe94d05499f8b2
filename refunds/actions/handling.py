"""What is done on a return as on every case: taking it, notes, keeping somebody from it."""

from cases.handling.verbs import shared_verbs
from refunds.models import Refund

_shared = shared_verbs(Refund, "refunds")
claim_return, assign_return, auto_assign = _shared.claim, _shared.assign, _shared.auto_assign
add_note = _shared.note
recuse_oneself, request_recusal, decide_recusal = _shared.recuse, _shared.request_recusal, _shared.decide_recusal
lift_recusal, recuse_by_relation = _shared.lift_recusal, _shared.recuse_by_relation
