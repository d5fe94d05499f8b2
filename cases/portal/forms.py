"""Forms every page of the portal shares: one column, errors with their remedy, the code from a text message, a message to the handler."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.portal.fields import LongText
from cases.rules import PART_LIMIT
from jike.base.errors import Refused


class PortalForm(forms.Form):
    """A form of the portal: fields in one column, labels above, errors named in a summary."""

    use_required_attribute = False

    def add_refusal(self, refused: Refused) -> None:
        """Show the reasons of a refusal at the fields they are about; of a form in which nothing was typed yet, too."""
        if not self.errors and not self.is_bound:
            self.cleaned_data = {}
        for blocker in refused.blockers:
            self.add_error(blocker.field if blocker.field in self.fields else None, str(blocker.message))


class CodeForm(PortalForm):
    """The six digits that came by text message."""

    code = forms.CharField(
        label=_("Code from the text message"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input"}),
        error_messages={"required": _("Please type the 6 digits from the text message.")},
    )

    def clean_code(self) -> str:
        digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise ValidationError(
                _("The code has 6 digits. Please type it as it stands in the text message."), code="invalid"
            )
        return digits


class WordsForm(PortalForm):
    """A message to the handler. `key` makes a second click send nothing."""

    text = LongText(
        limit=PART_LIMIT,
        rows=4,
        label=_("Your message to the handler"),
        error_messages={"required": _("Please write your message first.")},
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
