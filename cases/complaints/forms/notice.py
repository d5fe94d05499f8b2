"""What is typed to record that a decision was sent, that an attempt failed, or that nobody can be reached."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Attempt
from cases.complaints.rules.notice import WAIVE
from cases.forms import ShanghaiDateTimeField, VerbForm, VoteForm, form_for, long_text
from cases.handling.proof_rules import BY_HAND
from cases.models import Delivery

_TRIED = [(m.value, m.label) for m in Delivery.Manner if m != Delivery.Manner.INBOX]


@form_for("complaints.notify")
class NotifyForm(VerbForm):
    manner = forms.ChoiceField(label=_("How it was sent"), choices=[(m.value, m.label) for m in BY_HAND])
    sent_at = ShanghaiDateTimeField(label=_("When it was sent"))
    evidence = long_text(
        _("Proof"), rows=2, help_text=_("Postal number, signed receipt or number of the call recording.")
    )
    number_called = forms.CharField(
        label=_("Number called"), max_length=30, required=False, help_text=_("Only for a call. It is kept masked.")
    )
    answered = forms.BooleanField(
        label=_("The consumer answered and was told the decision"), required=False, initial=True
    )


@form_for("complaints.record_attempt")
class AttemptForm(VerbForm):
    manner = forms.ChoiceField(label=_("How it was tried"), choices=_TRIED)
    at = ShanghaiDateTimeField(label=_("When it was tried"))
    outcome = forms.ChoiceField(label=_("What came of it"), choices=Attempt.Outcome)
    number_called = forms.CharField(
        label=_("Number called"), max_length=30, required=False, help_text=_("Only for a call. It is kept masked.")
    )
    evidence = long_text(
        _("Proof"), rows=2, help_text=_("Postal number, signed receipt or number of the call recording.")
    )


@form_for("complaints.ask_waiver")
class AskWaiverForm(VerbForm):
    reason = long_text(_("Why the consumer cannot be reached"), rows=3)


@form_for(WAIVE)
class WaiveForm(VoteForm):
    asked = WAIVE
