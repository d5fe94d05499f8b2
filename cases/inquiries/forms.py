"""What people type for each verb of an inquiry; importing the module registers every form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for, long_text
from cases.handling import forms as shared
from cases.handling.proof_forms import ProofForm
from cases.inquiries.rules.ending import ANSWER_LIMIT
from cases.inquiries.states import State
from jike.accounts.models import Unit
from jike.privacy import open_sealed

shared.shared_forms("inquiries")
form_for("inquiries.message")(shared.MessageForm)
form_for("inquiries.notify")(ProofForm)


@form_for("inquiries.answer")
class AnswerForm(VerbForm):
    text = long_text(
        _("Answer"),
        rows=6,
        limit=ANSWER_LIMIT,
        help_text=_("The person reads exactly these words, by every channel known."),
    )


@form_for("inquiries.route")
class RouteForm(VerbForm):
    to = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit of the house"),
        to_field_name="code",
        required=False,
        help_text=_("The case goes into the pool of this unit."),
    )
    outside = forms.CharField(
        label=_("Or an authority outside"),
        max_length=120,
        required=False,
        help_text=_("Its full name; whoever reported reads it."),
    )
    reason = long_text(_("Reason"), rows=3, help_text=_("Only colleagues see this."))

    def prepare(self) -> None:
        if self.case is not None:
            self.fields["to"].queryset = Unit.objects.exclude(pk=self.case.unit_id).order_by("code")


@form_for("inquiries.conclude")
class CloseForm(VerbForm):
    outcome = long_text(_("What came of it"), rows=3, required=False, help_text=_("Only colleagues see this."))

    def prepare(self) -> None:
        self.fields["outcome"].required = self.case is not None and self.case.state != State.ANSWERED


@form_for("inquiries.convert")
class ConvertForm(VerbForm):
    claim = long_text(_("What the person asks for"), rows=3, limit=2_000)
    narrative = long_text(_("What happened"), rows=6, limit=20_000)
    reason = long_text(_("Why it is a complaint"), rows=2, help_text=_("Only colleagues see this."))

    def prepare(self) -> None:
        if self.case is not None and getattr(self.case, "narrative", None):
            self.fields["narrative"].initial = open_sealed(self.case, "narrative")
