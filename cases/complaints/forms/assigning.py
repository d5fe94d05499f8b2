"""What is typed when a complaint is transferred."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for, long_text
from jike.accounts.models import Unit


@form_for("complaints.transfer")
class TransferForm(VerbForm):
    to = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    reason = long_text(_("Reason"), rows=3)

    def prepare(self) -> None:
        self.fields["to"].queryset = Unit.objects.exclude(pk=self.case.unit_id).order_by("code")


@form_for("complaints.return_transfer")
class ReturnTransferForm(VerbForm):
    reason = long_text(_("Reason"), rows=3)
