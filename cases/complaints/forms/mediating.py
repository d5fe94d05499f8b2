"""What is typed to propose negotiation or mediation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for
from cases.mediation.rules.opening import BODY_LIMIT
from cases.mediation.states import Form


@form_for("complaints.open_mediation")
class OpenMediationForm(VerbForm):
    form = forms.ChoiceField(
        label=_("Form"),
        choices=[("", "—"), *Form.choices],
        help_text=_(
            "Only an outside body's mediation stops the count, and only its agreement can be confirmed by a court."
        ),
    )
    body = forms.CharField(
        label=_("Outside body"), max_length=BODY_LIMIT, required=False, help_text=_("Its full name, if one mediates.")
    )
