"""What is typed to record that something was posted, handed over or told by telephone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import ShanghaiDateTimeField, VerbForm, long_text
from cases.handling.proof_rules import BY_HAND


class ProofForm(VerbForm):
    manner = forms.ChoiceField(label=_("How it was sent"), choices=[(m.value, m.label) for m in BY_HAND])
    sent_at = ShanghaiDateTimeField(label=_("When it was sent"))
    evidence = long_text(_("Proof"), rows=2, help_text=_("Postal number, signed receipt or call record number."))
