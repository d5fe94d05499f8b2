"""What waits for a second person, in words: in the inbox and on the page of the vote."""

from __future__ import annotations

from cases.forms import PayloadForm, VerbForm
from cases.kinds import kind_named
from cases.models import Approval, Case
from cases.queries import approvals_waiting_for, sight_of
from jike.base.actors import Actor
from jike.base.errors import Text


def request_lines(case: Case, form: VerbForm, actor: Actor) -> list[tuple[Text, str]]:
    """What is asked of the second person, for those who see the whole case or are the ones asked."""
    approval = form.approval() if isinstance(form, PayloadForm) else None
    if approval is None:
        return []
    is_asked = approvals_waiting_for(actor).filter(pk=approval.pk).exists()
    return inbox_lines(approval) if is_asked or sight_of(case, actor) == "full" else []


def inbox_lines(approval: Approval) -> list[tuple[Text, str]]:
    """A request in clear; a decision has a page of its own. The caller knows that the reader may vote on it or sees the case."""
    describe = kind_named(approval.case.kind).request_lines
    return describe(approval) if describe and approval.decision_id is None else []
