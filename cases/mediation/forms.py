"""What people type for each verb of a mediation; importing the module registers every form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import ShanghaiDateTimeField, VerbForm, day_field, form_for, long_text
from cases.handling import forms as shared
from cases.mediation.models import Mediation, MerchantLink, Offer, Term
from cases.mediation.rules.delegating import colleagues_of
from cases.mediation.rules.performing import promises_of
from cases.mediation.rules.sides import EVIDENCE_LIMIT
from cases.mediation.states import Confirmation, Side

shared.shared_forms("mediation")


@form_for("mediation.consent")
@form_for("mediation.leave")
@form_for("mediation.take_part")
class SaidForm(VerbForm):
    """What a side said, and where it can be found."""

    evidence = long_text(
        _("Writing or recorded call"),
        rows=2,
        limit=EVIDENCE_LIMIT,
        help_text=_("Where it was said, so that it can be shown. Only colleagues see this."),
    )


@form_for("mediation.refuse")
class RefuseForm(SaidForm):
    side = forms.ChoiceField(label=_("Side that refuses"), choices=[("", "—"), *Side.choices])


@form_for("mediation.fail")
class FailForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, help_text=_("Only colleagues see this."))


@form_for("mediation.breach")
class BreachForm(FailForm):
    pass


@form_for("mediation.issue_link")
class PhoneForm(VerbForm):
    phone = forms.CharField(
        label=_("Mobile number of whoever answers for the merchant"),
        required=False,
        max_length=20,
        help_text=_("Empty: the number in the merchant's entry. The link opens only with a code to this number."),
    )


@form_for("mediation.invite")
class InviteForm(PhoneForm):
    """What the merchant is told and asked. One fact a line."""

    allegation = long_text(
        _("What the merchant is told"),
        rows=5,
        help_text=_("In plain words, without names or numbers of people: the merchant reads exactly this."),
    )
    facts = long_text(
        _("Facts the merchant is asked to confirm"),
        rows=4,
        required=False,
        limit=4_000,
        help_text=_("One a line, at most 12. Each can be answered: right, not right, cannot be said."),
    )
    field_order = ("allegation", "facts", "phone")

    def clean_facts(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["facts"].splitlines() if line.strip()]


@form_for("mediation.end_delegation")
class EndDelegationForm(VerbForm):
    colleague = forms.ModelChoiceField(MerchantLink.objects.none(), label=_("Colleague"))

    def prepare(self) -> None:
        if isinstance(self.case, Mediation):
            self.fields["colleague"].queryset = colleagues_of(self.case)


@form_for("mediation.take_back_offers")
class TakeBackForm(SaidForm):
    side = forms.ChoiceField(label=_("Side that takes it back"), choices=[("", "—"), *Side.choices])
    offers = forms.ModelMultipleChoiceField(Offer.objects.none(), label=_("Offers, by number"))
    field_order = ("side", "offers", "evidence")

    def prepare(self) -> None:
        if isinstance(self.case, Mediation):
            self.fields["offers"].queryset = Offer.objects.filter(case_id=self.case.pk).order_by("seq")


@form_for("mediation.propose_longer")
class LongerForm(VerbForm):
    """A later last day for both to say yes to."""

    until = day_field(_("New last day of the mediation"))
    reason = long_text(
        _("Why more time is needed"),
        rows=3,
        help_text=_("Both sides read it: without names or numbers of people."),
    )


@form_for("mediation.answer_longer")
class LongerAnswerForm(SaidForm):
    side = forms.ChoiceField(label=_("Side that answers"), choices=[("", "—"), *Side.choices])
    says_yes = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("", "—"), ("yes", _("Yes, longer")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
    )
    field_order = ("side", "says_yes", "evidence")


@form_for("mediation.write")
class WriteForm(VerbForm):
    side = forms.ChoiceField(label=_("Side you write to"), choices=[("", "—"), *Side.choices])
    text = long_text(
        _("What this side should read"),
        rows=6,
        help_text=_("Without names of the other side, and without telephone, identity or card numbers."),
    )


@form_for("mediation.record_session")
class SessionForm(VerbForm):
    held_at = ShanghaiDateTimeField(label=_("Held at"))
    minutes_long = forms.IntegerField(label=_("How many minutes"), min_value=1, max_value=1_440)
    present = long_text(_("Who was there"), rows=2, limit=500)
    minutes = long_text(
        _("Minutes"), rows=8, help_text=_("With time marks where a recording is kept. Only colleagues see this.")
    )
    recording = forms.CharField(
        label=_("SHA-256 of the recording"),
        required=False,
        max_length=64,
        help_text=_("Empty where nothing was recorded."),
    )

    def clean_recording(self) -> str:
        return self.cleaned_data["recording"].strip().lower()


@form_for("mediation.record_acceptance")
class AcceptanceForm(VerbForm):
    accepted_on = day_field(_("Day the body accepted"))
    reference = forms.CharField(label=_("Number or paper"), max_length=80)


@form_for("mediation.draft_agreement")
class AgreementForm(VerbForm):
    facts = long_text(_("Main facts"), rows=4)
    dispute = long_text(_("What is disputed"), rows=3)
    responsibility = long_text(_("Who answers for what"), rows=3)
    manner = long_text(_("Manner of performance"), rows=3, help_text=_("To which account, where, how."))


@form_for("mediation.seal")
class SealForm(VerbForm):
    evidence = long_text(_("Paper with the mediator's signature and the seal"), rows=2, limit=EVIDENCE_LIMIT)


@form_for("mediation.apply_confirmation")
class ApplicationForm(VerbForm):
    applied_on = day_field(_("Day of the application"))
    evidence = long_text(_("Court and receipt"), rows=2, limit=EVIDENCE_LIMIT)


@form_for("mediation.decide_confirmation")
class RulingForm(VerbForm):
    outcome = forms.ChoiceField(
        label=_("Ruling"),
        choices=[("", "—"), *((c.value, c.label) for c in (Confirmation.CONFIRMED, Confirmation.REJECTED))],
    )
    evidence = long_text(_("Number and day of the ruling"), rows=2, limit=EVIDENCE_LIMIT)


@form_for("mediation.report_term")
@form_for("mediation.confirm_term")
class PromiseForm(SaidForm):
    term = forms.ModelChoiceField(Term.objects.none(), label=_("Promise"))

    def prepare(self) -> None:
        if isinstance(self.case, Mediation):
            kept = [row.pk for row in promises_of(self.case)]
            self.fields["term"].queryset = Term.objects.filter(pk__in=kept).order_by("seq")
