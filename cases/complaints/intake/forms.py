"""What a member of staff writes down for a consumer: the facts the Order allows to ask, and how and when they came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.complaints.rules.limits import NARRATIVE_LIMIT
from cases.forms import ShanghaiDateTimeField
from cases.models import Case
from cases.portal.fields import AmountField, LongText, PhoneField
from cases.portal.forms import CodeForm, PortalForm

# What the house holds or can look up by the telephone number: a form that requires one of these breaks the law.
HELD = frozenset(
    [
        "loan",
        "loan_number",
        "contract",
        "contract_no",
        "contract_upload",
        "merchant",
        "merchant_named",
        "salesperson",
        "funder",
        "amount",
        "amount_cny",
        "principal",
        "disbursed_on",
        "id_number",
        "business_code",
        "cause_code",
        "bank_card",
    ]
)


# What is not asked where no claim is made; a report may come without name and number as well.
_NEEDED_LESS = {
    "question": ("claim", "confirmed_by"),
    "report": ("claim", "confirmed_by", "name", "phone"),
}


def demanded_though_held(form: type[forms.BaseForm]) -> list[str]:
    """The fields that `form` requires although the house can look them up. Source: O2020-3 art 13."""
    return sorted(name for name, field in form.base_fields.items() if field.required and name in HELD)


class IntakeForm(PortalForm):
    """Name, contact, claim and facts are required of a complaint (R17); what we hold is offered, never demanded (R16).

    Whoever takes it in says what it is (R76). A question or report needs its words; a report may come without name and number.
    """

    matter = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            ("complaint", pgettext_lazy("matter", "Complaint: claims something of one's own")),
            ("question", pgettext_lazy("matter", "Question")),
            ("report", pgettext_lazy("matter", "Report of a violation")),
            ("complaint+question", pgettext_lazy("matter", "Complaint and question")),
            ("complaint+report", pgettext_lazy("matter", "Complaint and report")),
        ],
        widget=forms.RadioSelect,
        help_text=_("You decide. A report without name and number becomes a clue."),
        error_messages={"required": _("Say what it is.")},
    )
    channel = forms.ChoiceField(
        label=_("How it reached us"),
        choices=[
            (c.value, c.label)
            for c in (Case.Channel.PHONE, Case.Channel.VISIT, Case.Channel.LETTER, Case.Channel.EMAIL)
        ],
        initial=Case.Channel.PHONE,
    )
    received_at = ShanghaiDateTimeField(
        label=_("Received at"),
        help_text=_("When it first reached us in any channel. The time to answer counts from here."),
    )
    backdated = forms.ChoiceField(
        label=_("Why it is keyed late"),
        help_text=_("Needed when it was received more than 30 minutes ago."),
        choices=[
            ("", "—"),
            ("letter_under_way", pgettext_lazy("backdated", "Letter or e-mail opened later")),
            ("closed_hours", pgettext_lazy("backdated", "Received outside working hours")),
            ("passed_on", pgettext_lazy("backdated", "Passed on by another department")),
            ("system_down", pgettext_lazy("backdated", "The system was not available")),
            ("other", pgettext_lazy("backdated", "Another reason, in words")),
        ],
        required=False,
    )
    backdated_note = forms.CharField(label=_("In words"), max_length=500, required=False)
    phone = PhoneField(label=_("Mobile number of the consumer"))
    name = forms.CharField(label=_("Name of the consumer"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    loan = forms.ChoiceField(label=_("Loan"), required=False)
    narrative = LongText(limit=NARRATIVE_LIMIT, rows=7, label=_("What happened"))
    claim = LongText(limit=2_000, rows=3, label=_("What the consumer asks for"))
    passage = LongText(
        limit=2_000,
        rows=3,
        label=_("The question or report beside the complaint"),
        help_text=_("Only where it is both: this part becomes a case of its own."),
        required=False,
    )
    merchant = forms.CharField(
        label=_("Merchant"), required=False, max_length=120, widget=forms.TextInput(attrs={"list": "merchants"})
    )
    salesperson = forms.CharField(label=_("Salesperson, as the consumer says"), required=False, max_length=60)
    amount = AmountField(label=_("Amount in dispute"), required=False)
    confirmed_by = forms.ChoiceField(
        label=_("How the consumer confirmed it"),
        choices=[
            ("recording", pgettext_lazy("confirmed", "On the recorded call")),
            ("code", pgettext_lazy("confirmed", "With a code sent to the phone")),
            ("paper", pgettext_lazy("confirmed", "By the signed letter or the e-mail itself")),
            ("present", pgettext_lazy("confirmed", "In person, after the identity was checked")),
        ],
    )
    confirmation = forms.CharField(label=_("Number of the recording or of the paper"), max_length=200, required=False)
    code = forms.CharField(label=_("Code from the text message"), max_length=20, required=False)

    def __init__(self, *args: Any, loans: list[tuple[str, str]], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loan"].choices = [("", _("not known or none")), *loans]
        self.fields["received_at"].initial = now
        self.natures = str(self.data.get("matter") or self.initial.get("matter") or "").split("+")
        for name in () if "complaint" in self.natures else _NEEDED_LESS.get(self.natures[0], ()):
            self.fields[name].required = False

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        if not typed:
            return ""
        form = CodeForm({"code": typed})
        if not form.is_valid():
            raise forms.ValidationError(form.errors["code"])
        return str(form.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if len(self.natures) == 2 and not data.get("passage"):
            self.add_error("passage", _("Write down the part that is the question or the report."))
        if data.get("confirmed_by") == "code" and not data.get("code"):
            self.add_error("code", _("Send the code, and type what the consumer reads out."))
        return data
