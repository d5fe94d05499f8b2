"""What people of the staff type about recordings and scripts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PARTS = 3  # key | kind | text


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        widget=forms.TextInput(),
        error_messages={"required": _("Please give the reason.")},
    )


class VerdictForm(forms.Form):
    """Each flag fine or a fault, and the reason. Which flags there are, the recording says."""

    passed = forms.ChoiceField(
        label=_("Verdict"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Passed")), ("no", _("Not passed: record again"))],
        error_messages={"required": _("Please choose.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please give the reason.")},
    )

    def inputs(self, flags: list[str]) -> dict[str, Any]:
        """The keywords of the verdict. A flag without an answer stays open."""
        said = {code: self.data.get(f"flag-{code}", "") for code in flags}
        return {
            "passed": self.cleaned_data["passed"] == "yes",
            "cleared": [code for code, word in said.items() if word == "fine"],
            "faults": [code for code, word in said.items() if word == "fault"],
            "reason": self.cleaned_data["reason"],
        }


class ScheduleForm(forms.Form):
    """For a contract that the core system has told: who records, and where."""

    application = forms.CharField(label=_("Application"), max_length=60)
    way = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("link", _("On the borrower’s phone")),
            ("counter", _("At the counter")),
            ("upload", _("A finished file")),
        ],
    )


class ScriptForm(forms.Form):
    """One sentence a line: key | read or ask | text."""

    code = forms.CharField(label=_("Version"), max_length=40)
    effective_on = forms.DateField(label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}))
    sentences = forms.CharField(
        label=_("Sentences"),
        help_text=_(
            "One a line: key | read or ask | text. Blanks: {amount} {months} {rate} {merchant} {funder}. Needed: voluntary, payee, not_student, fraud_prone, free_return."
        ),
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    consent_text = forms.CharField(
        label=_("The question for consent"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    alternative_text = forms.CharField(
        label=_("What is offered to who declines"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_sentences(self) -> list[dict[str, str]]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["sentences"].splitlines())):
            parts = [part.strip() for part in line.split("|", PARTS - 1)]
            if len(parts) != PARTS:
                raise ValidationError(_("Every line has a key, a kind and a text, with | between."), code="invalid")
            found.append(dict(zip(("key", "kind", "text"), parts, strict=True)))
        return found
