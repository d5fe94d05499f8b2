"""The fields of the portal: what people type on a phone, read generously, refused in plain words."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jike.base.dates import cst_date, now
from jike.privacy import normalise_phone

_AMOUNT = re.compile(r"[¥￥]?(?P<yuan>\d{1,10}(?:\.\d{1,2})?)元?")
_PHONE_IN_LINE = re.compile(r"\+?[\d\s-]{11,20}")


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


class PastDateField(forms.DateField):
    """A day that has been."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
        self.error_messages["invalid"] = _("Please give the day as year, month and day, like 2026-09-28.")

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and not date(2000, 1, 1) <= day <= cst_date(now()):
            raise ValidationError(_("This day lies in the future or too far back. Please check it."), code="invalid")
        return day


class PhoneField(forms.CharField):
    """A mainland mobile number in any spelling."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.error_messages["required"] = _("Please give your mobile number, so that we can reach you.")

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return normalise_phone(typed)
        except ValueError:
            raise ValidationError(
                _("This is no mobile number of the mainland. It has 11 digits, like 138 0013 8000."), code="invalid"
            ) from None


class PeopleField(LongText):
    """Several people, one a line, each a name and perhaps a mobile number. Gives (name, normalised number or empty)."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, value: Any) -> list[tuple[str, str]]:
        people = [_person_in(line) for line in super().clean(value).splitlines() if line.strip()]
        if len(people) > self.most:
            raise ValidationError(
                format_lazy(_("{most} people at most, please; the others need not be named."), most=self.most),
                code="too_many",
            )
        return people


def _person_in(line: str) -> tuple[str, str]:
    text = unicodedata.normalize("NFKC", line)
    match = _PHONE_IN_LINE.search(text)
    name = re.sub(r"[,，、;；:：]+", " ", text.replace(match[0], " ") if match else text).strip()
    try:
        phone = normalise_phone(match[0]) if match else ""
    except ValueError:
        match, phone = None, ""
    if not name or len(name) > 60 or (match is None and re.search(r"\d{5}", text)):
        raise ValidationError(
            format_lazy(
                _("We cannot read “{line}”. Please write a name and a mobile number of 11 digits."), line=line.strip()
            ),
            code="invalid",
        )
    return name, phone


class CodesField(forms.MultipleChoiceField):
    """Several of the given choices; none is an answer too."""

    widget = forms.CheckboxSelectMultiple
