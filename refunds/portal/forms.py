"""What a borrower types: a name and a number, whether the service was given, and a word against a refusal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.portal.fields import LongText, PhoneField
from cases.portal.forms import PortalForm
from cases.rules import PART_LIMIT
from refunds.states import Served


class BorrowerForm(PortalForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give the name under which the loan was taken.")},
    )
    phone = PhoneField(label=_("Mobile number of the loan"))


class AskForm(PortalForm):
    """The one question that is left: whether the service was given. `key` makes a second tap do nothing."""

    says = forms.ChoiceField(
        label=_("Have you had the goods or the service already?"),
        choices=[
            (Served.NONE, _("No, nothing yet")),
            (Served.PARTLY, _("In part")),
            (Served.SERVED, _("Yes, all of it")),
        ],
        initial=Served.NONE,
        widget=forms.RadioSelect,
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ContestForm(PortalForm):
    words = LongText(
        limit=PART_LIMIT,
        rows=4,
        label=_("Why you do not accept it"),
        error_messages={"required": _("Please write why you do not accept it.")},
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
