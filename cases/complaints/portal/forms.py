"""What a consumer types: few fields, nothing the house can look up, every error with its remedy."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints.rules import NARRATIVE_LIMIT, PART_LIMIT
from jike.base.errors import Refused
from jike.base.ids import normalise_code
from jike.privacy import normalise_phone

CLAIM_LIMIT = 2_000
RECEIPT_CODE_CHARACTERS = 16
_AMOUNT = re.compile(r"[¥￥]?(?P<yuan>\d{1,10}(?:\.\d{1,2})?)元?")


class PortalForm(forms.Form):
    """A form of the portal: fields in one column, labels above, errors named in a summary."""

    use_required_attribute = False

    def add_refusal(self, refused: Refused) -> None:
        """Show the reasons of a refusal at the fields they are about."""
        for blocker in refused.blockers:
            self.add_error(blocker.field if blocker.field in self.fields else None, str(blocker.message))


class LongText(forms.CharField):
    """Several lines. Line ends count as one character, as the counter in the page counts them; nothing typed is cut off."""

    def __init__(self, *, limit: int, rows: int, **kwargs: Any) -> None:
        attrs = {"rows": rows, "data-jike-counter": limit, "autocomplete": "off"}
        super().__init__(max_length=limit, widget=forms.Textarea(attrs=attrs), **kwargs)
        self.error_messages["max_length"] = format_lazy(
            _("This is too long. Please shorten it to {limit} characters at most."), limit=limit
        )

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class AmountField(forms.CharField):
    """Yuan as people write them: 3000, 3,000.00, ￥3000, 3000元. Empty is None."""

    def clean(self, value: Any) -> Decimal | None:
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        if not text:
            return None
        match = _AMOUNT.fullmatch(text)
        if match is None or Decimal(match["yuan"]) == 0:
            raise ValidationError(
                _("Please write the amount in yuan with digits, like 3000 or 3000.50, or leave it empty."),
                code="invalid",
            )
        return Decimal(match["yuan"])


class PhoneField(forms.CharField):
    """A mainland mobile number in any spelling."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.error_messages["required"] = _("Please give your mobile number, so that we can reach you.")

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return normalise_phone(typed)
        except ValueError:
            raise ValidationError(
                _("This is no mobile number of the mainland. It has 11 digits, like 138 0013 8000."), code="invalid"
            ) from None


class StoryForm(PortalForm):
    """Step 1: what happened and what is asked for."""

    narrative = LongText(
        limit=NARRATIVE_LIMIT,
        rows=7,
        label=_("What happened"),
        help_text=_("When, where, with whom, and what was said or signed. Your own words are best."),
        error_messages={"required": _("Please tell what happened. A few sentences are enough.")},
    )
    claim = LongText(
        limit=CLAIM_LIMIT,
        rows=3,
        label=_("What you ask for"),
        help_text=_("For example: a refund, an explanation, the end of a contract, an apology."),
        error_messages={"required": _("Please say what you ask for. One sentence is enough.")},
    )
    merchant = forms.CharField(
        label=_("Name of the shop, school or landlord"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "merchants", "autocomplete": "off"}),
        error_messages={"max_length": _("This name is too long. Please shorten it to 120 characters.")},
    )
    amount = AmountField(
        label=_("Amount in dispute (yuan)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class ContactForm(PortalForm):
    """Step 2: who complains, and the phone where we reach them."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Please give your name, as it stands on your contract."),
            "max_length": _("This name is too long. Please shorten it to 60 characters."),
        },
    )
    phone = PhoneField(label=_("Your mobile number"), help_text=_("We send a code to it, and later the result."))


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


class TrackForm(PortalForm):
    """What opens a case: its receipt code and the phone it was filed with."""

    receipt_code = forms.CharField(
        label=_("Receipt code"),
        max_length=60,
        help_text=_("16 letters and digits, from the receipt or the text message. Capitals and hyphens do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
        error_messages={
            "required": _("Please type the receipt code. It is on your receipt and in our first text message.")
        },
    )
    phone = PhoneField(label=_("Your mobile number"), help_text=_("The number you gave when you filed the complaint."))

    def clean_receipt_code(self) -> str:
        code = normalise_code(unicodedata.normalize("NFKC", self.cleaned_data["receipt_code"]))
        if len(code.replace("-", "")) != RECEIPT_CODE_CHARACTERS:
            raise ValidationError(
                _("The receipt code has 16 letters and digits. Please compare it with your receipt."), code="invalid"
            )
        return code


class WordsForm(PortalForm):
    """A message to the handler. `key` makes a second click send nothing."""

    text = LongText(
        limit=PART_LIMIT,
        rows=4,
        label=_("Your message to the handler"),
        error_messages={"required": _("Please write your message first.")},
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
