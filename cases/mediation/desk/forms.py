"""What staff write down for a side, always with where it was said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.mediation.models import Mediation, Offer, Round
from cases.mediation.rules.sides import EVIDENCE_LIMIT
from cases.mediation.states import OTHER
from cases.mediation.talks.offer_form import OfferForm
from cases.portal.fields import LongText
from cases.portal.forms import PortalForm
from cases.rules import PART_LIMIT


def _evidence() -> LongText:
    return LongText(
        limit=EVIDENCE_LIMIT,
        rows=2,
        label=_("Writing or recorded call"),
        help_text=_("Where it was said, so that it can be shown. Only colleagues see this."),
        error_messages={"required": _("Name the writing or the recorded call in which it was said.")},
    )


class SaidOfferForm(OfferForm):
    """An offer somebody made by telephone, by letter or in a session."""

    evidence = _evidence()

    def said(self, side: str) -> dict[str, str]:
        """Who said it, and where it can be shown to have been said."""
        return {"side": side, "evidence": self.cleaned_data["evidence"]}


def proposal_of(typed: dict[str, Any]) -> dict[str, Any]:
    """The terms of an offer as the keywords of a proposal to both."""
    return {"kind": Round.Kind.PROPOSAL.value, **{name: typed[name] for name in ("terms", "expires_at", "words")}}


class AnswerForm(PortalForm):
    """The answer to the standing offer, as the other side gave it."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[(Offer.Answer.ACCEPTED.value, _("Accepts")), (Offer.Answer.REJECTED.value, _("Rejects"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Accept the offer or reject it.")},
    )
    evidence = _evidence()
    offer = forms.UUIDField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def inputs(self, case: Mediation) -> dict[str, Any]:
        """The keywords of `answer_offer`; the side is the one the offer was made to."""
        typed = self.cleaned_data
        offer = Offer.objects.filter(case_id=case.pk, pk=typed["offer"]).first() if typed["offer"] else None
        side = OTHER[offer.side] if offer else ""
        return {"offer": offer, "answer": typed["answer"], "side": side, "evidence": typed["evidence"]}


class SideForm(PortalForm):
    """Words to one side. `key` makes a second click send nothing."""

    text = LongText(
        limit=PART_LIMIT,
        rows=6,
        label=_("What this side should read"),
        help_text=_("Without names of the other side, and without telephone, identity or card numbers."),
        error_messages={"required": _("Write what this side should read.")},
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
