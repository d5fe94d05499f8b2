"""What is typed to split a question or a report off a complaint."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for, long_text
from cases.inquiries.rules.filing import WORDS_LIMIT
from cases.inquiries.states import CHOSEN


@form_for("complaints.split_off")
class SplitOffForm(VerbForm):
    nature = forms.ChoiceField(
        label=_("What the passage is"), choices=[("", "—"), *((nature.value, nature.label) for nature in CHOSEN)]
    )
    text = long_text(
        _("The passage"),
        rows=5,
        limit=WORDS_LIMIT,
        help_text=_("In the consumer's words. The complaint keeps all of its own."),
    )
