"""What is typed to propose, return or approve a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints import letters
from cases.forms import PayloadForm, VerbForm, day_field, form_for, long_text
from cases.models import Decision


@form_for("complaints.propose_decision")
class ProposeDecisionForm(VerbForm):
    result = forms.ChoiceField(label=_("Result"), choices=[("", "—"), *Decision.Result.choices])
    findings = long_text(_("What was found"), help_text=_("The facts you verified, and how."))
    basis = long_text(_("Basis"), rows=2, help_text=_("Contract clause or rule."))
    reasons = long_text(_("Reasons"), help_text=_("Why this result follows from the facts."))
    redress = long_text(
        _("What the consumer gets"),
        rows=2,
        required=False,
        help_text=_("One promise a line; the amount belongs to the first. The case closes when each is confirmed."),
    )
    redress_cny = forms.DecimalField(
        label=_("Amount (yuan)"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    redress_due_on = day_field(_("To be done by"), required=False)
    remedies = long_text(
        _("Remedies"),
        rows=4,
        help_text=_("Review, mediation, arbitration, litigation: each with its way and its last day."),
    )

    def prepare(self) -> None:
        self.fields["remedies"].initial = letters.remedies_text(self.case) if self.case else ""

    def inputs(self) -> dict[str, Any]:
        return {**self.cleaned_data, "redress_cny": self.cleaned_data.get("redress_cny") or 0}


@form_for("complaints.return_decision")
class ReturnDecisionForm(VerbForm):
    reason = long_text(_("What must be improved"), rows=3)


@form_for("complaints.approve_decision")
class ApproveDecisionForm(PayloadForm):
    asked = "complaints.approve_decision"
