"""What a borrower types: name and phone, the code, and whether face and voice may be recorded."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jike.base.errors import Refused
from jike.privacy import normalise_phone
from lending.recordings.states import Choice


class Plain(forms.Form):
    use_required_attribute = False

    def add_refusal(self, refused: Refused) -> None:
        """Show the reasons of a refusal at the fields they are about; of a form in which nothing was typed yet, too."""
        if not self.errors and not self.is_bound:
            self.cleaned_data: dict[str, Any] = {}
        for blocker in refused.blockers:
            self.add_error(blocker.field if blocker.field in self.fields else None, str(blocker.message))


class BorrowerForm(Plain):
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give the name under which the loan was taken.")},
    )
    phone = forms.CharField(
        label=_("Mobile number of the loan"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Please give your mobile number.")},
    )

    def clean_phone(self) -> str:
        try:
            return normalise_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class CodeForm(Plain):
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


class ConsentForm(Plain):
    """One answer, none chosen beforehand. `may_keep_face`: where the voice alone is enough."""

    choice = forms.ChoiceField(
        label=_("May we record you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose an answer. You are free to say no.")},
    )
    text_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_keep_face: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [
            (Choice.FACE, _("Yes, my face and my voice")),
            (Choice.VOICE, _("Only my voice; a member of staff checks who I am")),
            (Choice.DECLINED, _("No, I do not want to be recorded")),
        ]
        field: Any = self.fields["choice"]
        field.choices = [one for one in words if may_keep_face or one[0] != Choice.VOICE]
