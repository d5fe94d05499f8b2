"""What staff type to act on a complaint."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import headings
from cases.complaints import letters
from cases.forms import ShanghaiDateTimeField, VerbForm, form_for, long_text
from cases.models import Decision, Delivery, Message
from cases.queries import reachable_channels
from jike.accounts.models import User
from jike.base.dates import cst_date


@form_for("complaints.assign")
class AssignForm(VerbForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Handler"), to_field_name="staff_no")

    def prepare(self) -> None:
        colleagues = User.objects.filter(is_active=True, is_on_leave=False, roles__contains=["handler"])
        self.fields["to"].queryset = colleagues.filter(unit_id=self.case.unit_id).order_by("staff_no")


@form_for("complaints.classify")
class ClassifyForm(VerbForm):
    business_code = forms.ChoiceField(label=_("Business"))
    cause_code = forms.ChoiceField(label=_("Primary cause"))

    def prepare(self) -> None:
        on = cst_date(self.case.received_at)
        self.fields["business_code"].choices = [("", "—"), *headings.choices("business", on=on)]
        self.fields["cause_code"].choices = [("", "—"), *headings.choices("cause", on=on)]
        self.fields["business_code"].initial = self.case.business_code
        self.fields["cause_code"].initial = self.case.cause_code


@form_for("complaints.note")
class NoteForm(VerbForm):
    text = long_text(_("Internal note"), rows=3, help_text=_("Only colleagues see this."))


@form_for("complaints.message")
class MessageForm(VerbForm):
    channel = forms.ChoiceField(label=_("Channel"), choices=Message.Channel)
    text = long_text(_("Text to the consumer"), rows=4, help_text=_("The consumer reads exactly these words."))

    def prepare(self) -> None:
        if self.case is not None:
            known = reachable_channels(self.case)
            reachable = [(value, label) for value, label in Message.Channel.choices if value in known]
            self.fields["channel"].choices = reachable
        self.fields["channel"].initial = Message.Channel.INBOX


@form_for("complaints.propose_decision")
class ProposeDecisionForm(VerbForm):
    result = forms.ChoiceField(label=_("Result"), choices=[("", "—"), *Decision.Result.choices])
    findings = long_text(_("What was found"), help_text=_("The facts you verified, and how."))
    basis = long_text(_("Basis"), rows=2, help_text=_("Contract clause or rule."))
    reasons = long_text(_("Reasons"), help_text=_("Why this result follows from the facts."))
    redress = long_text(_("What the consumer gets"), rows=2, required=False)
    redress_cny = forms.DecimalField(
        label=_("Amount (yuan)"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    remedies = long_text(
        _("Remedies"),
        rows=4,
        help_text=_("Review, mediation, arbitration, litigation: each with its way and its last day."),
    )

    def prepare(self) -> None:
        self.fields["remedies"].initial = letters.remedies_text(self.case) if self.case else ""

    def inputs(self) -> dict[str, Any]:
        return {**self.cleaned_data, "redress_cny": self.cleaned_data.get("redress_cny") or 0}


@form_for("complaints.return_decision")
class ReturnDecisionForm(VerbForm):
    reason = long_text(_("What must be improved"), rows=3)


@form_for("complaints.approve_decision")
class ApproveDecisionForm(VerbForm):
    payload = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        if self.case is not None and (approval := self.case.approvals.filter(verdict="").first()):
            self.fields["payload"].initial = bytes(approval.payload_sha256).hex()


@form_for("complaints.notify")
class NotifyForm(VerbForm):
    manner = forms.ChoiceField(
        label=_("How it was sent"),
        choices=[(m.value, m.label) for m in (Delivery.Manner.POST, Delivery.Manner.HANDED, Delivery.Manner.CALL)],
    )
    sent_at = ShanghaiDateTimeField(label=_("When it was sent"))
    evidence = long_text(_("Proof"), rows=2, help_text=_("Postal number, signed receipt or call record number."))


@form_for("complaints.withdraw")
class WithdrawForm(VerbForm):
    wish = long_text(
        _("How the consumer told us"), rows=2, help_text=_("The letter, or the number of the recorded call.")
    )
