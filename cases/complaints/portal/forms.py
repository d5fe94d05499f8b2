"""What a consumer types: few fields, nothing the house can look up, every error with its remedy."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.complaints.portal.questions import Question
from cases.complaints.rules.limits import PART_LIMIT
from cases.complaints.supplements import Answer
from cases.portal.fields import AmountField, CodesField, LongText, PastDateField, PeopleField, PhoneField
from cases.portal.forms import PortalForm
from jike.base.ids import normalise_code

RECEIPT_CODE_CHARACTERS = 16


class QuestionForm(PortalForm):
    """The form of one question: one field, named like the question."""

    question: Question


def form_of_question(question: Question) -> type[QuestionForm]:
    """The form class of a question, made from its definition; the server judges by it and by nothing the browser says."""
    return _form_class(question, get_language())


@lru_cache(maxsize=256)
def _form_class(question: Question, language: str | None) -> type[QuestionForm]:
    """Made once for a language: labels are plain text, and a filing judges every question twice."""
    return type("QuestionForm", (QuestionForm,), {"question": question, question.code: _field_of(question)})


Reader = Callable[[Mapping[str, Any]], tuple[bool, Any]]


def reader_of(question: Question) -> Reader:
    """Reads the answer to a question as its form does: whether it is valid, and its value. A filing judges every question."""
    return _reader(question, get_language())


@lru_cache(maxsize=256)
def _reader(question: Question, language: str | None) -> Reader:
    """The field of the form alone: drawing up a form around it takes ten times as long."""
    field = _form_class(question, language).base_fields[question.code]

    def read(answers: Mapping[str, Any]) -> tuple[bool, Any]:
        try:
            return True, field.clean(field.widget.value_from_datadict(answers, {}, question.code))
        except ValidationError:
            return False, None

    return read


def _field_of(question: Question) -> forms.Field:
    words: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help_text,
        "required": question.required,
        "error_messages": {"required": question.missing},
    }
    choices = [(choice.code, choice.label) for choice in question.choices]
    if question.kind == "choice":
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)
    if question.kind == "choices":
        return CodesField(choices=choices, **words)
    if question.kind == "long":
        return LongText(limit=question.limit, rows=question.rows, **words)
    if question.kind == "people":
        return PeopleField(most=question.most, limit=question.limit, rows=question.rows, **words)
    if question.kind == "amount":
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        return AmountField(**words, widget=widget)
    if question.kind == "date":
        return PastDateField(**words)
    return _line_of(question, words)


def _line_of(question: Question, words: dict[str, Any]) -> forms.Field:
    attrs = {"autocomplete": "off", **({"list": question.suggest} if question.suggest else {})}
    too_long = format_lazy(
        _("This is too long. Please shorten it to {limit} characters at most."), limit=question.limit
    )
    words["error_messages"]["max_length"] = too_long
    return forms.CharField(max_length=question.limit, widget=forms.TextInput(attrs=attrs), **words)


class ContactForm(PortalForm):
    """Who complains, and the phone where we reach them."""

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


class ReceiptForm(PortalForm):
    """The receipt code of a case, in any spelling."""

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

    def clean_receipt_code(self) -> str:
        code = normalise_code(unicodedata.normalize("NFKC", self.cleaned_data["receipt_code"]))
        if len(code.replace("-", "")) != RECEIPT_CODE_CHARACTERS:
            raise ValidationError(
                _("The receipt code has 16 letters and digits. Please compare it with your receipt."), code="invalid"
            )
        return code


class TrackForm(ReceiptForm):
    """What opens a case: its receipt code and the phone it was filed with."""

    phone = PhoneField(label=_("Your mobile number"), help_text=_("The number you gave when you filed the complaint."))


class NewPhoneForm(PortalForm):
    """The number that takes the place of the one we have."""

    phone = PhoneField(label=_("Your new mobile number"), help_text=_("It must be with you: we send a code to it too."))


class LostPhoneForm(ReceiptForm):
    """A change of number without the old phone: who asks, the new number, and what became of the old one."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give your name, as it stands in the complaint.")},
    )
    phone = PhoneField(label=_("Your new mobile number"), help_text=_("We send a code to it and call you there."))
    words = LongText(
        limit=500,
        rows=3,
        label=_("What became of the old number?"),
        error_messages={"required": _("Please say in a few words what became of the old number.")},
    )


class ResumeForm(PortalForm):
    """The code that goes with the link of a saved draft."""

    code = forms.CharField(
        label=_("Your code to go on"),
        max_length=40,
        help_text=_("12 letters and digits. It was shown when you chose to go on later."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
        error_messages={"required": _("Please type the code you noted.")},
    )

    def clean_code(self) -> str:
        return normalise_code(unicodedata.normalize("NFKC", self.cleaned_data["code"]))


class AnswerForm(PortalForm):
    """The answer to one thing that was asked for: words, files, or that one does not have it."""

    item = forms.UUIDField(widget=forms.HiddenInput)
    text = LongText(limit=PART_LIMIT, rows=2, label=_("In words"), required=False)
    has_none = forms.BooleanField(label=_("I do not have this"), required=False)

    def answer(self, files: tuple[UUID, ...]) -> Answer | None:
        """The answer, or None when nothing was given."""
        typed = self.cleaned_data
        if not (typed["text"] or files or typed["has_none"]):
            return None
        has_none = typed["has_none"] and not files
        return Answer(typed["item"], text=typed["text"], files=files, has_none=has_none)

    def add_empty(self, *, is_refused: bool) -> None:
        """Say what is missing, unless a file was refused, which says so itself."""
        if not is_refused:
            self.add_error(None, _("Please choose a file, write something, or tick that you do not have it."))
