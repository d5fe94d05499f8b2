"""What is typed to end a complaint."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint, Redress
from cases.complaints.promises import open_promises
from cases.complaints.rules.ending import Ground
from cases.forms import ShanghaiDateTimeField, VerbForm, form_for, long_text
from cases.queries import sight_of
from jike.privacy import open_sealed


class Promise(forms.ModelChoiceField):
    """An open promise by its words, its amount and its day."""

    def label_from_instance(self, obj: Any) -> str:
        amount = f" · {obj.amount_cny:,.2f} 元" if obj.amount_cny else ""
        return f"{open_sealed(obj, 'what')}{amount} · {obj.due_on:%Y-%m-%d}"


@form_for("complaints.confirm_redress")
class ConfirmRedressForm(VerbForm):
    promise = Promise(Redress.objects.none(), label=_("What was promised"), empty_label=None)
    evidence = long_text(
        _("Proof"), rows=2, help_text=_("Payment number, receipt, or the consumer's own word on record.")
    )

    def prepare(self) -> None:
        if self.case is not None and self.actor is not None and sight_of(self.case, self.actor) == "full":
            self.fields["promise"].queryset = open_promises(Complaint.objects.get(pk=self.case.pk))


@form_for("complaints.reopen")
class ReopenForm(VerbForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground)
    reason = long_text(_("New facts or reasons"), rows=3, help_text=_("Only colleagues see this."))


@form_for("complaints.ask_reopen")
class AskReopenForm(VerbForm):
    reason = long_text(_("New facts or reasons"), rows=4)


def _score(label: Any) -> forms.TypedChoiceField:
    """Five answers, best first, as buttons that need no script."""
    answers = (_("Very satisfied"), _("Satisfied"), _("Neither"), _("Dissatisfied"), _("Very dissatisfied"))
    choices = list(zip(range(5, 0, -1), answers, strict=True))
    return forms.TypedChoiceField(label=label, coerce=int, choices=choices, widget=forms.RadioSelect)


@form_for("complaints.answer_survey")
class SurveyForm(VerbForm):
    result = _score(_("The result"))
    speed = _score(_("The time it took"))
    conduct = _score(_("How you were treated"))
    words = long_text(_("Anything else"), rows=3, required=False, limit=2_000)


@form_for("complaints.withdraw")
class WithdrawForm(VerbForm):
    wish = long_text(
        _("How the consumer told us"), rows=2, help_text=_("The letter, or the number of the recorded call.")
    )
    received_at = ShanghaiDateTimeField(
        label=_("When the wish reached us"), help_text=_("Leave it empty if that is now."), required=False
    )
