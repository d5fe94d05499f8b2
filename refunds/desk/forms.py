"""What staff type: which loan, and a request for a return that came by telephone, letter, e-mail or in person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.forms import ShanghaiDateTimeField
from cases.models import Case
from cases.portal.fields import LongText
from cases.portal.forms import CodeForm, PortalForm
from refunds.rules.asking import EVIDENCE_LIMIT
from refunds.states import Served


class FindForm(PortalForm):
    """The number travels in the body of the request, never in an address."""

    wanted = forms.CharField(
        label=_("Number of the loan or the contract, or mobile number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type a number to look for.")},
    )


class TakeInForm(PortalForm):
    """When and how it came, who said so, and whether the service was given: the one question the portal asks as well."""

    channel = forms.ChoiceField(
        label=_("How it reached us"),
        choices=[
            (c.value, c.label)
            for c in (Case.Channel.PHONE, Case.Channel.VISIT, Case.Channel.LETTER, Case.Channel.EMAIL)
        ],
        initial=Case.Channel.PHONE,
    )
    received_at = ShanghaiDateTimeField(
        label=_("Said for the first time at"),
        help_text=_("In any channel: a call, a letter, a word to the shop that passed it on. This moment decides."),
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
    consumer_says = forms.ChoiceField(
        label=_("Has the consumer had the goods or the service?"),
        choices=[
            (Served.NONE, _("No, nothing yet")),
            (Served.PARTLY, _("In part")),
            (Served.SERVED, _("Yes, all of it")),
        ],
        initial=Served.NONE,
        widget=forms.RadioSelect,
    )
    confirmed_by = forms.ChoiceField(
        label=_("How you know that it is the borrower"),
        choices=[
            ("code", pgettext_lazy("identified", "A code sent to the phone of the loan")),
            ("recording", pgettext_lazy("identified", "Questions answered on the recorded call")),
            ("paper", pgettext_lazy("identified", "The signature on the letter")),
            ("present", pgettext_lazy("identified", "In person, identity card seen")),
        ],
    )
    code = forms.CharField(label=_("Code from the text message"), max_length=20, required=False)
    evidence = LongText(
        limit=EVIDENCE_LIMIT,
        rows=2,
        label=_("What shows it"),
        help_text=_("Number of the recorded call, or of the paper."),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_at"].initial = now

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        if not typed:
            return ""
        form = CodeForm({"code": typed})
        if not form.is_valid():
            raise forms.ValidationError([str(error) for error in form.errors["code"]])
        return str(form.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("confirmed_by") == "code" and not data.get("code"):
            self.add_error("code", _("Send the code, and type what the consumer reads out."))
        return data
