"""What is typed to decline a complaint, to confirm that, and to record that the consumer was told."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints import declines, letters
from cases.forms import PayloadForm, VerbForm, form_for, long_text
from cases.handling.proof_forms import ProofForm
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant


@form_for("complaints.decline")
class DeclineForm(VerbForm):
    ground = forms.ChoiceField(label=_("Ground"))
    explanation = long_text(
        _("What it rests on here"), rows=3, limit=2_000, help_text=_("The consumer reads exactly these words.")
    )
    remedies = long_text(_("Remedies"), rows=4)

    def prepare(self) -> None:
        today = cst_date(current_instant())
        held = [(ground.code, ground.label) for ground in declines.grounds() if ground.holds_on(today)]
        self.fields["ground"].choices = [("", "—"), *held]
        self.fields["remedies"].initial = letters.remedies_text(self.case) if self.case else ""


@form_for("complaints.confirm_decline")
class ConfirmDeclineForm(PayloadForm):
    asked = "complaints.confirm_decline"


form_for("complaints.tell_decline")(ProofForm)
