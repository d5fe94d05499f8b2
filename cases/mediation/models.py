"""The mediation: what a state means on the row. Methods set fields in memory and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.functional import cached_property
from django_fsm import transition

from cases.mediation.longer import LongerPeriod, PeriodAnswer
from cases.mediation.records import (
    Agreement,
    Exhibit,
    Fact,
    MerchantLink,
    Offer,
    OfferRelease,
    Session,
    Signature,
    Term,
)
from cases.mediation.rounds import Round, SecretAnswer
from cases.mediation.states import ON_THE_WAY, Confirmation, Form, Side, State
from cases.models import Case, Party
from jike.privacy.fields import EncryptedTextField

__all__ = [
    "Agreement",
    "Exhibit",
    "Fact",
    "LongerPeriod",
    "Mediation",
    "MerchantLink",
    "Offer",
    "OfferRelease",
    "PeriodAnswer",
    "Round",
    "SecretAnswer",
    "Session",
    "Signature",
    "Term",
]


class Mediation(Case):
    """An attempt to settle `origin`, whose parties, facts, papers and messages it reads there and never copies.

    `body` is the lawful outside body of the external form, `body_reference` the number under which it accepted. `refused_by` says
    which side refused. `effective_at` is when the agreement bound both. `stopped_count`
    says that the count of `origin` stands still because of it. `allegation` is what the merchant is told of the matter, in words of the house
    that name nobody.
    """

    origin = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="mediations")
    form = models.CharField(max_length=10, choices=Form)
    body = models.CharField(max_length=120, blank=True)
    body_reference = models.CharField(max_length=80, blank=True)
    allegation = EncryptedTextField(blank=True)
    consented_at = models.DateTimeField(null=True)
    consent_evidence = EncryptedTextField(blank=True)
    invited_at = models.DateTimeField(null=True)
    merchant_agreed_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    stopped_count = models.BooleanField(default=False)
    refused_by = models.CharField(max_length=10, choices=Side, blank=True, default="")
    confirmation = models.CharField(max_length=10, choices=Confirmation, blank=True, default="")
    confirmation_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number

    @cached_property
    def known_parties(self) -> list[Party]:
        """The people of the case this came from: nothing is typed twice. Read once per instance."""
        return list(Party.objects.filter(case_id=self.origin_id).order_by("created_at", "id"))

    @cached_property
    def known_facts(self) -> list[Fact]:
        """What the merchant is asked to confirm, in order. Read once per instance."""
        return list(self.facts.order_by("seq"))

    @cached_property
    def known_offers(self) -> list[Offer]:
        """Every offer with its terms, oldest first. Read once per instance; a locked row is a new one."""
        return list(self.offers.order_by("seq").prefetch_related("terms", "releases"))

    @property
    def standing_offer(self) -> Offer | None:
        """The newest offer while nobody has answered it."""
        newest = self.known_offers[-1] if self.known_offers else None
        return newest if newest and not newest.answer else None

    def offer_waiting(self, now: datetime) -> Offer | None:
        """The offer that the other side may answer now: open, not lapsed, while the two talk."""
        standing = self.standing_offer
        return standing if standing and not standing.has_lapsed(now) and self.state == State.NEGOTIATING else None

    @property
    def accepted_offer(self) -> Offer | None:
        return next((offer for offer in self.known_offers if offer.answer == Offer.Answer.ACCEPTED), None)

    @cached_property
    def known_agreement(self) -> Agreement | None:
        """The latest version of the agreement; signatures under an earlier one bind nobody."""
        return self.agreements.order_by("-version").prefetch_related("signatures").first()

    @property
    def signed_by(self) -> set[str]:
        """Who has signed the latest version."""
        agreement = self.known_agreement
        return {signature.side for signature in agreement.signatures.all()} if agreement else set()

    @property
    def is_external(self) -> bool:
        return self.form == Form.EXTERNAL

    @transition(field="state", source=State.PROPOSED, target=State.CONSENTED)
    def mark_consented(self, *, at: datetime, evidence: str) -> None:
        self.consented_at, self.consent_evidence = at, evidence  # type: ignore[assignment]

    @transition(field="state", source=State.CONSENTED, target=State.INVITED)
    def mark_invited(self, *, at: datetime, allegation: str) -> None:
        self.invited_at, self.allegation = at, allegation  # type: ignore[assignment]

    @transition(field="state", source=State.INVITED, target=State.NEGOTIATING)
    def mark_taken_part(self, *, at: datetime) -> None:
        self.begun_at = at

    @transition(field="state", source=State.INVITED, target=State.NEGOTIATING)
    def mark_accepted_by_body(self, *, at: datetime, reference: str) -> None:
        self.begun_at, self.body_reference = at, reference

    @transition(field="state", source=State.NEGOTIATING, target=State.AGREED)
    def mark_signed(self, *, at: datetime) -> None:
        self.effective_at = at

    @transition(field="state", source=State.NEGOTIATING, target=State.AGREED)
    def mark_sealed(self, *, at: datetime) -> None:
        self.effective_at = at

    @transition(field="state", source=State.AGREED, target=State.PERFORMING)
    def mark_performing(self) -> None:
        pass

    @transition(field="state", source=State.PERFORMING, target=State.PERFORMED)
    def mark_performed(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=State.PERFORMING, target=State.BREACHED)
    def mark_breached(self) -> None:
        pass

    @transition(field="state", source=State.INVITED, target=State.FAILED)
    def mark_silent(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=[State.INVITED, State.NEGOTIATING], target=State.FAILED)
    def mark_failed(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=State.NEGOTIATING, target=State.FAILED)
    def mark_period_over(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=list(ON_THE_WAY), target=State.REFUSED)
    def mark_refused(self, *, at: datetime, by: str) -> None:
        self.refused_by, self.ended_at = by, at

    @transition(field="state", source=list(ON_THE_WAY), target=State.WITHDRAWN)
    def mark_withdrawn(self, *, at: datetime) -> None:
        self.ended_at = at
