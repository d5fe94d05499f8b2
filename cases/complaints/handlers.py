"""Work of the outbox that only complaints have: rendering the decision letter, and what a sent notice means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from cases.complaints import letters
from cases.complaints.actions import issue_letter, notify_decision
from cases.complaints.actions.deciding import APPROVE, LETTER_TOPIC
from cases.complaints.models import Complaint
from cases.complaints.states import State
from cases.models import Decision, Delivery, Event, Message
from jike.accounts.roles import machine_actor
from jike.base.dates import now as current_instant
from jike.base.ids import code_from
from jike.files import pdf, store
from jike.ledger.models import Entry
from jike.outbox import jobs
from jike.privacy import blind_index

WORKER = "outbox-worker"


@jobs.handler(LETTER_TOPIC, queue="documents", max_attempts=10, lease_seconds=120)
def render_letter(job: jobs.ClaimedJob) -> Callable[[], None] | None:
    """Render the letter of an approved decision, keep it sealed under the case's key and issue it.

    Without Pango the job waits visibly and names the remedy. A letter that exists already is not made again.
    """
    case = Complaint.objects.select_related("responsible_institution", "unit").get(pk=job.body["case"])
    decision = Decision.objects.get(pk=job.body["decision"])
    if case.documents.filter(decision=decision).exists():
        return None
    available, _remedy = pdf.is_available()
    if not available:
        raise jobs.Postpone(300, "pango.missing")
    code = code_from(blind_index("document", str(decision.pk)))  # a repeated rendering makes the same letter again
    html = letters.decision_letter_html(
        case, decision, code=code, proof=_proof_of(case), verify_url=f"{settings.PUBLIC_BASE_URL}/verify/"
    )
    content = pdf.render(html, title=f"{letters.DECISION.subject} {case.number}", at=case.decided_at)
    stored = store.put(
        case.pk, content, media_type="application/pdf", display_name=f"{case.number}-决定书.pdf", now=current_instant()
    )
    return lambda: issue_letter(
        case,
        actor=machine_actor(WORKER),
        now=current_instant(),
        decision=decision,
        file=stored,
        code=code,
        template=letters.DECISION_LETTER,
    )


def _proof_of(case: Complaint) -> dict[str, str]:
    """The sealed entry of the approval, as printed on the letter."""
    event = case.events.filter(verb=APPROVE).order_by("-seq").first()
    entry = Entry.objects.get(source=Event.LEDGER_SOURCE, source_id=event.pk)
    return {"seq": str(entry.seq), "digest": bytes(entry.digest).hex(), "mac": bytes(entry.mac).hex()}


def after_delivery(case: Complaint, message: Message, delivery: Delivery, now: datetime) -> None:
    """A decision notice that a channel accepted makes the case notified. The portal inbox alone is no notice.

    Source: O2020-3 art 21.
    """
    told = message.purpose == Message.Purpose.DECISION and message.channel != Message.Channel.INBOX
    if told and case.state == State.DECIDED and message.decision_id == case.decision_id:
        notify_decision(case, actor=machine_actor(WORKER), now=now, proof=delivery)
