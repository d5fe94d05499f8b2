"""What people type for each verb of a litigation; importing the module registers every form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import ShanghaiDateTimeField, VerbForm, day_field, form_for, long_text
from cases.handling import forms as shared
from cases.litigation import papers
from cases.litigation.assessment import PLACES, PROVINCES
from cases.litigation.fees import fee_of
from cases.litigation.limitation import Kind
from cases.litigation.models import CourtFee, Hearing, LimitationFact, Litigation, Served, Sum
from cases.litigation.rules import judging
from cases.litigation.rules.assessing import open_facts
from cases.litigation.rules.court import open_hearings
from cases.litigation.rules.opening import EVIDENCE_LIMIT
from cases.litigation.states import (
    SENT_BACK,
    UPHELD,
    Appellant,
    Dispute,
    Ground,
    Outcome,
    PaperKind,
    Procedure,
    Rejection,
)

BLANK = ("", "—")
shared.shared_forms("litigation")
form_for("litigation.message")(shared.MessageForm)


def choices_of(members: Any) -> list[tuple[str, Any]]:
    return [BLANK, *((value, label) for value, label in members.choices if value)]


def paper_field(label: Any, *, required: bool = True) -> forms.CharField:
    return long_text(label, rows=2, limit=EVIDENCE_LIMIT, required=required)


def yuan_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, help_text=help_text, max_digits=18, decimal_places=2, min_value=0
    )


PLACE_LABELS = {
    "plaintiff_place": _("Where the consumer lives (city and district)"),
    "defendant_place": _("Where the defendant is"),
    "performance_place": _("Place of performance named in the contract"),
    "agreed_place": _("Court agreed in writing"),
    "tort_place": _("Where the harm was done"),
    "property_place": _("Where the real estate lies"),
}


@form_for("litigation.record_assessment")
class AssessmentForm(VerbForm):
    claim_cny = yuan_field(_("Amount claimed, in yuan"))
    dispute = forms.ChoiceField(label=_("Kind of dispute"), choices=choices_of(Dispute))
    is_money_claim = forms.BooleanField(
        label=_("A plain claim for money"),
        required=False,
        initial=True,
        help_text=_("Only such claims go by the small-claims procedure."),
    )
    province = forms.ChoiceField(
        label=_("Province of the court"), choices=[BLANK, *((code, name) for code, name in PROVINCES.items() if code != "CN")]
    )  # fmt: skip
    knew_on = day_field(_("Day the harm and who answers for it were known"))
    harmed_on = day_field(_("Day of the harm"), required=False, help_text=_("If it was earlier. The longest period runs from it."))  # fmt: skip
    last_due_on = day_field(_("Last due day of a debt in instalments"), required=False)

    def prepare(self) -> None:
        for name in PLACES:
            self.fields[name] = forms.CharField(label=PLACE_LABELS[name], required=False, max_length=60)
        case = self.case
        if isinstance(case, Litigation):
            known = case.places | {
                name: getattr(case, name) for name in ("dispute", "province", "knew_on", "harmed_on")
            }
            known |= {"claim_cny": case.amount_cny, "last_due_on": case.last_due_on}
            known |= {"defendant_place": case.defendant_place or (case.merchant.city if case.merchant else "")}
            for name, value in known.items():
                self.fields[name].initial = value or None


@form_for("litigation.record_interruption")
class InterruptionForm(VerbForm):
    kind = forms.ChoiceField(label=_("What happened"), choices=choices_of(Kind))
    on = day_field(_("Day"))
    until = day_field(_("Ended on"), required=False, help_text=_("Of a proceeding or an obstacle, if it is over."))
    evidence = paper_field(_("Paper or record"))


@form_for("litigation.end_interruption")
class InterruptionEndForm(VerbForm):
    fact = forms.ModelChoiceField(LimitationFact.objects.none(), label=_("What has ended"))
    until = day_field(_("Day"))

    def prepare(self) -> None:
        if isinstance(self.case, Litigation):
            known = [row.pk for row in open_facts(self.case)]
            self.fields["fact"].queryset = LimitationFact.objects.filter(pk__in=known).order_by("seq")


@form_for("litigation.collect")
class CourtForm(VerbForm):
    ground = forms.ChoiceField(label=_("Why this court"))
    court = forms.CharField(label=_("Court"), max_length=80, help_text=_("Its full name. Counsel checks that it is competent."))  # fmt: skip

    def prepare(self) -> None:
        if isinstance(self.case, Litigation):
            found = [(one.ground, f"{Ground(one.ground).label} {one.place}".strip()) for one in self.case.candidates]
            self.fields["ground"].choices = [BLANK, *found]


class PaperForm(VerbForm):
    """The fields of one paper, filled with the version before or with what is known. None is required: what is missing is reported."""

    kind = ""

    def prepare(self) -> None:
        known = papers.known_of(self.case, self.kind) if isinstance(self.case, Litigation) else {}
        for field in papers.FIELDS[self.kind]:
            made = long_text(field.label, rows=6, required=False) if field.is_long else forms.CharField(
                label=field.label, required=False, max_length=200
            )  # fmt: skip
            made.initial = known.get(field.name, "")
            self.fields[field.name] = made


def _paper_form(verb: str, paper: str) -> None:
    # One field that every version has stands in the class: a form without any would count as a click.
    first = papers.FIELDS[paper][0]
    fields = {"kind": paper, first.name: forms.CharField(label=first.label, required=False, max_length=200)}
    form_for(verb)(type(f"{paper.title().replace('_', '')}Form", (PaperForm,), fields))


_paper_form("litigation.draft_statement", PaperKind.STATEMENT.value)
_paper_form("litigation.draft_list", PaperKind.EVIDENCE_LIST.value)
_paper_form("litigation.draft_authority", PaperKind.AUTHORITY.value)
_paper_form("litigation.draft_confirmation", PaperKind.CONFIRMATION.value)


@form_for("litigation.confirm_papers")
class ConfirmForm(VerbForm):
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    evidence = paper_field(_("Writing or recorded call"), required=False)

    def prepare(self) -> None:
        if isinstance(self.case, Litigation):
            self.fields["sha256"].initial = papers.set_sha256(self.case).hex()


@form_for("litigation.rework")
class ReasonForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, help_text=_("Only colleagues see this."))


@form_for("litigation.decline")
class DeclineForm(ReasonForm):
    told = forms.CharField(label=_("What the consumer is told"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


@form_for("litigation.withdraw")
class WithdrawForm(VerbForm):
    evidence = paper_field(_("Writing or recorded call"), required=False)


@form_for("litigation.settle")
class SettleForm(WithdrawForm):
    terms = long_text(_("Terms of the settlement"), rows=3)


@form_for("litigation.close")
class CloseForm(VerbForm):
    summary = forms.CharField(label=_("How it ended, as the consumer reads it"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


@form_for("litigation.file")
class FileForm(VerbForm):
    filed_on = day_field(_("Day it was handed in"))
    receipt = paper_field(_("Receipt, or how it was handed in"))


@form_for("litigation.docket")
class DocketForm(VerbForm):
    docketed_on = day_field(_("Day of acceptance"))
    number = forms.CharField(label=_("Number of the court"), max_length=60)
    procedure = forms.ChoiceField(label=_("Procedure"), choices=choices_of(Procedure))


@form_for("litigation.reject")
class RejectForm(VerbForm):
    rejection = forms.ChoiceField(label=_("Ruling"), choices=choices_of(Rejection))
    served_on = day_field(_("Day it was served"))
    evidence = paper_field(_("Number of the ruling"))


@form_for("litigation.set_evidence_limit")
class EvidenceLimitForm(VerbForm):
    served_on = day_field(_("Day the notice was served"))
    days = forms.IntegerField(label=_("Days the court set"), min_value=1, max_value=365)


@form_for("litigation.schedule_hearing")
class HearingForm(VerbForm):
    at = ShanghaiDateTimeField(label=_("Day and hour"))
    place = forms.CharField(label=_("Place"), max_length=120)


@form_for("litigation.hold_hearing")
@form_for("litigation.cancel_hearing")
class HearingEndForm(VerbForm):
    hearing = forms.ModelChoiceField(Hearing.objects.none(), label=_("Hearing"))
    note = paper_field(_("What happened"))

    def prepare(self) -> None:
        if isinstance(self.case, Litigation):
            known = [row.pk for row in open_hearings(self.case)]
            self.fields["hearing"].queryset = Hearing.objects.filter(pk__in=known).order_by("seq")


@form_for("litigation.record_service")
class ServedForm(VerbForm):
    what = forms.ChoiceField(label=_("Paper"), choices=choices_of(Served.What))
    served_on = day_field(_("Day it was served"))
    note = paper_field(_("What it says"), required=False)


@form_for("litigation.judge")
class JudgmentForm(VerbForm):
    outcome = forms.ChoiceField(label=_("Judgment"), choices=choices_of(Outcome))
    served_on = day_field(_("Day it was served"))
    awarded_cny = yuan_field(_("Amount granted, in yuan"), required=False)
    perform_by = day_field(_("Last day of performance"), required=False)
    evidence = paper_field(_("Number of the judgment"))


@form_for("litigation.decide_appeal")
class AppealDecisionForm(JudgmentForm):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            *choices_of(Outcome),
            (SENT_BACK, _("Sent back to the court below")),
            (UPHELD, _("It stays turned down")),
        ],
    )


@form_for("litigation.appeal")
class AppealForm(VerbForm):
    by = forms.ChoiceField(label=_("Who appeals"), choices=choices_of(Appellant))
    appealed_on = day_field(_("Day of the appeal"))
    evidence = paper_field(_("Paper"))


@form_for("litigation.enforce")
class EnforceForm(VerbForm):
    enforced_on = day_field(_("Day of the application"))
    court = forms.CharField(label=_("Court that enforces"), max_length=80)
    evidence = paper_field(_("Receipt or number"))


@form_for("litigation.record_fee")
class FeeForm(VerbForm):
    what = forms.ChoiceField(label=_("What for"), choices=choices_of(CourtFee.What))
    cny = yuan_field(_("Amount the court names, in yuan"))
    by = forms.ChoiceField(
        label=_("Who advances it"), choices=[BLANK, *((who, Sum.By(who).label) for who in CourtFee.ADVANCES)]
    )
    noticed_on = day_field(_("Day the notice arrived"))

    def prepare(self) -> None:
        if isinstance(self.case, Litigation) and self.case.amount_cny:
            self.fields["cny"].initial = fee_of(self.case.amount_cny).by(self.case.procedure)


@form_for("litigation.settle_fee")
class FeeEndForm(VerbForm):
    settled = forms.ChoiceField(label=_("How it was settled"), choices=choices_of(CourtFee.Settled))
    cny = yuan_field(
        _("Amount paid, in yuan"), required=False, help_text=_("Less than asked for where the court reduced it.")
    )
    settled_on = day_field(_("Day"))
    evidence = paper_field(_("Voucher, or decision of the court"))

    def prepare(self) -> None:
        if isinstance(self.case, Litigation) and self.case.open_fee:
            self.fields["cny"].initial = self.case.open_fee.cny


@form_for("litigation.record_sum")
class SumForm(VerbForm):
    what = forms.ChoiceField(label=_("What for"), choices=choices_of(Sum.What))
    by = forms.ChoiceField(label=_("Paid by"), choices=choices_of(Sum.By))
    cny = yuan_field(_("Amount, in yuan"))
    on = day_field(_("Day"))
    note = paper_field(_("Remark"), required=False)


@form_for("litigation.undo_sum")
class SumUndoForm(ReasonForm):
    sum = forms.ModelChoiceField(Sum.objects.none(), label=_("Sum"))

    def prepare(self) -> None:
        if isinstance(self.case, Litigation):
            known = [row.pk for row in judging.sums_in_force(self.case)]
            self.fields["sum"].queryset = Sum.objects.filter(pk__in=known).order_by("seq")
