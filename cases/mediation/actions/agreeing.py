"""The agreement: drafted on an accepted offer, signed by both sides with a code, sealed by the outside body, taken to a court together."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.clocks import ledger as clocks
from cases.handling import acts
from cases.mediation import agreement as content
from cases.mediation import counting, words
from cases.mediation.models import Agreement, Mediation, Offer, Signature
from cases.mediation.news import tell_merchant
from cases.mediation.rules import agreeing as rules
from cases.mediation.states import Confirmation, Side
from cases.models import Document
from cases.queries import complainant_of
from jike.base.actors import Actor
from jike.base.dates import cst_date, end_of_day
from jike.base.ids import uuid7
from jike.files.models import StoredFile
from jike.outbox import jobs
from jike.privacy import mask_phone
from jike.verbs import verb

PAPER_TOPIC = "mediation.print_agreement"


@verb(
    Mediation, "mediation.draft_agreement", label=_("Draft the agreement"), blockers=rules.blockers_to_draft_agreement, category="document"
)  # fmt: skip
def draft_agreement(
    case: Mediation, *, actor: Actor, now: datetime, facts: str, dispute: str, responsibility: str, manner: str
) -> None:
    """Put an accepted offer into words, a new version each time; signatures under an earlier one bind nobody. Source: PML art 29."""
    offer = cast(Offer, case.accepted_offer)
    texts = {"facts": facts.strip(), "dispute": dispute.strip(), "responsibility": responsibility.strip(), "manner": manner.strip()}  # fmt: skip
    version = case.known_agreement.version + 1 if case.known_agreement else 1
    parties = content.parties_of(case)
    sha256 = content.sha256_of(content.content_of(case, offer, version=version, parties=parties, texts=texts))
    row = Agreement(
        id=uuid7(),
        case_id=case.pk,
        version=version,
        offer=offer,
        parties=parties,
        sha256=sha256,
        drafted_by_id=actor.user,
        drafted_at=now,
        **texts,
    )
    row.save(force_insert=True)
    case.tell(agreement=str(row.pk), version=version, sha256=sha256.hex())
    tell_merchant(case, actor, about=row.pk, now=now)
    party = complainant_of(case)
    if party:
        words.SIGN.queue(case, party, now=now, origin=words.origin_of(case))


@verb(Mediation, "mediation.sign", label=_("Sign the agreement"), blockers=rules.blockers_to_sign, by_hand=False)
def sign_agreement(case: Mediation, *, actor: Actor, now: datetime, sha256: bytes, phone: str, challenge: UUID) -> None:
    """One side signs the version it read: `sha256` of that, and `phone`, the number proven by the code of `challenge`.

    The second signature makes a negotiation an agreement; an outside body's agreement binds when the body has sealed it.
    Source: PML art 29, house signature.
    """
    agreement = cast(Agreement, case.known_agreement)
    Signature(
        id=uuid7(),
        agreement=agreement,
        case_id=case.pk,
        side=actor.kind,
        sha256=bytes(agreement.sha256),
        challenge=challenge,
        phone_mask=mask_phone(phone),
        link_id=actor.id if actor.kind == Side.MERCHANT.value else None,
        actor_kind=actor.kind,
        signed_at=now,
    ).save(force_insert=True)
    case.tell(agreement=str(agreement.pk), side=actor.kind, sha256=bytes(agreement.sha256).hex())
    both = case.signed_by | {actor.kind} == set(Side.values)
    if both and not case.is_external:
        case.mark_signed(at=now)
        _bind(case, now=now)


@verb(Mediation, "mediation.seal", label=_("Record the seal of the body"), blockers=rules.blockers_to_seal)
def seal_agreement(case: Mediation, *, actor: Actor, now: datetime, evidence: str) -> None:
    """The mediator signed and the body sealed: negotiating -> agreed. Thirty days for a joint application to a court begin.

    Source: PML art 29, PML art 33, CPL art 205.
    """
    agreement = cast(Agreement, case.known_agreement)
    Signature(
        id=uuid7(),
        agreement=agreement,
        case_id=case.pk,
        side=Signature.Side.BODY,
        sha256=bytes(agreement.sha256),
        evidence=evidence.strip(),
        actor_kind=actor.kind,
        signed_at=now,
    ).save(force_insert=True)
    case.tell(agreement=str(agreement.pk), side="body", sha256=bytes(agreement.sha256).hex())
    case.mark_sealed(at=now)
    _bind(case, now=now)
    clocks.start(case, "SFQR30", at=now, now=now)


def _bind(case: Mediation, *, now: datetime) -> None:
    """The mediation is over: its clocks stop and the count of the complaint goes on."""
    clocks.stop_all(case, at=now, now=now)
    counting.resume_count(case, last_on=cst_date(now), now=now)
    agreement = cast(Agreement, case.known_agreement)
    jobs.post(PAPER_TOPIC, key=f"{PAPER_TOPIC}:{agreement.pk}", body={"case": str(case.pk)}, subject=case.pk, now=now)


@verb(
    Mediation,
    "mediation.issue_agreement",
    label=_("Agreement issued"),
    blockers=rules.blockers_to_issue_agreement,
    category="document",
    by_hand=False,
)
def issue_agreement(
    case: Mediation, *, actor: Actor, now: datetime, file: StoredFile, code: str, template: str
) -> None:
    """The paper of what both signed is there: both sides find it on their pages, and the consumer is told. Source: PML art 29."""
    row = Document(
        id=uuid7(),
        case_id=case.pk,
        kind=Document.Kind.AGREEMENT,
        code=code,
        template=template,
        file=file,
        created_at=now,
    )
    case.bring(row)
    case.tell(document=str(row.pk), code=code, sha256=bytes(file.sha256).hex())
    party = complainant_of(case)
    if party:
        words.AGREED.queue(case, party, now=now, origin=words.origin_of(case))


@verb(
    Mediation,
    "mediation.apply_confirmation",
    label=_("Record the joint application to the court"),
    blockers=rules.blockers_to_apply_confirmation,
)
def apply_confirmation(case: Mediation, *, actor: Actor, now: datetime, applied_on: date, evidence: str) -> None:
    """Both applied to a court for confirmation; only what an outside body mediated can be confirmed. Source: CPL art 205."""
    case.confirmation, case.confirmation_at = Confirmation.APPLIED, now
    clocks.stop(case, "SFQR30", at=min(now, end_of_day(applied_on)), now=now)
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(applied=applied_on.isoformat())


@verb(
    Mediation,
    "mediation.decide_confirmation",
    label=_("Record the court's ruling"),
    blockers=rules.blockers_to_decide_confirmation,
)
def decide_confirmation(case: Mediation, *, actor: Actor, now: datetime, outcome: str, evidence: str) -> None:
    """The court confirmed the agreement, which may then be enforced, or rejected the application. Source: CPL art 205."""
    case.confirmation, case.confirmation_at = outcome, now
    acts.add_note(case, actor=actor, now=now, text=evidence.strip())
    case.tell(outcome=outcome)
