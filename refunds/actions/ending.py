"""After the money: the credit record, the certificate, the end."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.models import Document
from jike.base.actors import Actor
from jike.base.ids import uuid7
from jike.base.money import from_cents
from jike.files.models import StoredFile
from jike.outbox import jobs
from jike.verbs import verb
from refunds import booking, words
from refunds.models import Refund
from refunds.rules import paying as rules
from refunds.states import Basis, LegKind

CERTIFICATE_TOPIC = "refunds.render_certificate"
CREDIT = "ZX_OBJ"


@verb(
    Refund,
    "refunds.correct",
    label=_("All money confirmed; credit record to be corrected"),
    blockers=rules.blockers_to_correct,
    by_hand=False,
)
def correct(case: Refund, *, actor: Actor, now: datetime) -> None:
    """reversing -> correcting: the correction is ordered and its time limit begins. Source: ZX2013 art 25."""
    case.mark_correcting()
    clocks.start(case, CREDIT, at=now, now=now)
    booking.order_plain(case, LegKind.CREDIT, actor=actor, now=now)


@verb(Refund, "refunds.complete", label=_("Return completed"), blockers=rules.blockers_to_complete, by_hand=False)
def complete(case: Refund, *, actor: Actor, now: datetime) -> None:
    """correcting -> completed: the clock stops, the certificate is made, the consumer is told. Source: house return money."""
    case.mark_completed(at=now)
    clocks.stop_all(case, at=now, now=now)
    key, body = f"{CERTIFICATE_TOPIC}:{case.pk}", {"case": str(case.pk)}
    jobs.post(CERTIFICATE_TOPIC, key=key, body=body, subject=case.pk, now=now)
    amount = f"{from_cents(case.paid_cents):,.2f}"
    words.tell(case, words.COMPLETED, now=now, amount=amount, is_partly=case.basis == Basis.PARTLY)


@verb(
    Refund, "refunds.issue_certificate", label=_("Issue the certificate"), blockers=rules.blockers_to_issue_certificate, category="document", by_hand=False
)  # fmt: skip
def issue_certificate(case: Refund, *, actor: Actor, now: datetime, file: StoredFile, code: str, template: str) -> None:
    """Record the rendered certificate; its hash is sealed with this event. There is only one."""
    document = Document.objects.create(
        id=uuid7(),
        case_id=case.pk,
        kind=Document.Kind.CERTIFICATE,
        code=code,
        template=template,
        file=file,
        created_at=now,
    )
    case.tell(document=str(document.pk), sha256=bytes(file.sha256).hex())
