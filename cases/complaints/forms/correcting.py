"""What is typed to correct amount, merchant or the time of receipt."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment
from cases.complaints.forms.pausing import PaperChoice
from cases.forms import PayloadForm, ShanghaiDateTimeField, VerbForm, form_for, long_text
from cases.queries import sight_of
from lending.models import Merchant
from lending.queries import merchant_called, merchant_with


@form_for("complaints.correct_facts")
class CorrectFactsForm(VerbForm):
    amount_cny = forms.DecimalField(
        label=_("Amount (yuan)"),
        max_digits=18,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("As it is. What you leave empty stays as it is recorded."),
    )
    merchant = forms.CharField(
        label=_("Registered merchant"),
        max_length=120,
        required=False,
        help_text=_("Its exact name or its unified social credit code."),
    )
    merchant_named = forms.CharField(
        label=_("Merchant, as the consumer named it"),
        max_length=120,
        required=False,
        help_text=_("Alone, without a registered merchant, it takes the registered one off the case."),
    )
    reason = long_text(_("Reason"), rows=3, limit=2_000, help_text=_("Kept inside the house, with before and after."))

    def clean_merchant(self) -> Merchant | None:
        typed = self.cleaned_data["merchant"].strip()
        found = merchant_with(typed.upper()) or merchant_called(typed)
        if typed and found is None:
            raise forms.ValidationError(
                _(
                    "No one registered merchant has this name or code. Give the exact one, or only the name the consumer used."
                ),
                code="not_found",
            )
        return found


@form_for("complaints.ask_receipt_time")
class AskReceiptTimeForm(VerbForm):
    received_at = ShanghaiDateTimeField(
        label=_("Received, as it should be"), help_text=_("Shanghai time; not later than it was registered.")
    )
    paper = PaperChoice(
        Attachment.objects.none(),
        label=_("Paper of the case that shows it"),
        required=False,
        help_text=_("For example the envelope with its postmark. Add it on the page of the case first."),
    )
    recording = forms.CharField(label=_("Or the number of the recorded call"), max_length=80, required=False)
    reason = long_text(
        _("Reason"),
        rows=3,
        limit=500,
        help_text=_("The consumer reads exactly these words. A second person checks it."),
    )

    def prepare(self) -> None:
        if self.case is not None and self.actor is not None and sight_of(self.case, self.actor) == "full":
            self.fields["paper"].queryset = Attachment.objects.filter(subject=self.case.pk).order_by("-created_at")


@form_for("complaints.approve_receipt_time")
class ApproveReceiptTimeForm(PayloadForm):
    asked = "complaints.approve_receipt_time"
