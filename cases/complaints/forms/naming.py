"""What is typed to say who sold it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for


@form_for("complaints.name_salesperson")
class NameSalespersonForm(VerbForm):
    name = forms.CharField(label=_("Salesperson's name"), max_length=60, required=False)
    code = forms.CharField(
        label=_("Salesperson's code"),
        max_length=40,
        required=False,
        help_text=_("From the loan's record or the contract. A name or a code is enough."),
    )
