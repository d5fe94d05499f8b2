"""What people type for each verb of a return; importing the module registers every form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, VoteForm, form_for, long_text
from cases.handling import forms as shared
from refunds.models import Leg, Refund
from refunds.rules import asking, judging, paying
from refunds.states import UNDER_WAY, LegState, Served

shared.shared_forms("refunds")


class ShareForm(VerbForm):
    """A share in percent."""

    share = forms.DecimalField(
        label=_("Share that was given, in %"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )


@form_for("refunds.contest")
class ContestForm(VerbForm):
    words = long_text(_("Why you do not accept the refusal"), rows=4)


@form_for("refunds.align_stop")
class AlignStopForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, help_text=_("Only colleagues see this."))


@form_for("refunds.hold")
class HoldForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, help_text=_("Only colleagues see this."))


@form_for("refunds.ask_merchant")
class AskMerchantForm(VerbForm):
    evidence = long_text(_("How and when the merchant was asked"), rows=2, limit=asking.EVIDENCE_LIMIT)


@form_for("refunds.record_merchant")
class MerchantForm(ShareForm):
    says = forms.ChoiceField(
        label=_("What the merchant says of the service"),
        choices=[("", "—"), *((value, label) for value, label in Served.choices if value)],
    )
    record = long_text(
        _("Service record with signature and time"),
        rows=2,
        required=False,
        limit=judging.RECORD_LIMIT,
        help_text=_("The burden of proof is the merchant's. Where the record can be found."),
    )


@form_for("refunds.propose")
class ProposeForm(ShareForm):
    outcome = forms.ChoiceField(label=_("What is to be done"), choices=[])
    reason = long_text(_("Reason"), rows=3, help_text=_("Of a refusal the consumer reads this."))
    code = forms.ChoiceField(
        label=_("Code of the refusal"), required=False, choices=[("", "—"), *judging.REFUSALS.items()]
    )
    evidence = long_text(_("What proves it"), rows=2, required=False, limit=judging.RECORD_LIMIT)

    def prepare(self) -> None:
        possible = judging.OUTCOMES.get(self.case.state, ()) if self.case is not None else tuple(judging.LABELS)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [("", "—"), *((name, judging.LABELS[name]) for name in possible)]


@form_for(judging.APPROVE)
class ApproveForm(VoteForm):
    asked = judging.APPROVE


@form_for(paying.ACCOUNT)
class ApproveAccountForm(VoteForm):
    asked = paying.ACCOUNT


class LegForm(VerbForm):
    """One leg of the return in one of `states`."""

    states: tuple[str, ...] = ()
    leg = forms.ModelChoiceField(label=_("Leg"), queryset=Leg.objects.none())

    def prepare(self) -> None:
        if isinstance(self.case, Refund):
            field = self.fields["leg"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = self.case.legs.filter(state__in=self.states).order_by("seq")
            field.label_from_instance = _name_of  # type: ignore[method-assign,assignment]


def _name_of(leg: Leg) -> str:
    return f"{leg.seq}. {leg.get_kind_display()} {leg.amount:,.2f}"


@form_for("refunds.ask_leg")
class AskLegForm(LegForm):
    states = UNDER_WAY


@form_for("refunds.retry_leg")
class RetryLegForm(LegForm):
    states = (LegState.FAILED,)


@form_for("refunds.ask_account")
class AskAccountForm(LegForm):
    states = (LegState.FAILED,)
    reason = long_text(_("How it is known that the account is closed"), rows=2)


@form_for("refunds.confirm_leg")
class ConfirmLegForm(LegForm):
    states = (LegState.WAITING,)
    evidence = long_text(_("What shows that it was settled"), rows=2, limit=2_000)
