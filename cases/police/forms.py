"""What people type for each verb of a police report; importing the module registers every form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment
from cases.attachments.queries import papers_of
from cases.evidence.models import Item
from cases.forms import VerbForm, VoteForm, day_field, form_for, long_text
from cases.handling import forms as shared
from cases.police.house_rules import house_rules
from cases.police.materials import label_of
from cases.police.models import Cooperation, Loss, Material, Pack, PoliceReport
from cases.police.rules.opening import EVIDENCE_LIMIT
from cases.police.rules.packs import RECIPIENT_LIMIT
from cases.police.rules.preparing import LABEL_LIMIT, PAYEE_LIMIT, may_be_asked
from cases.police.rules.reporting import NUMBER_LIMIT, OFFICER_LIMIT, ORGAN_LIMIT
from cases.police.states import Capacity, CaseEnd, ReportedBy
from jike.privacy import open_sealed

shared.shared_forms("police")
EMPTY = [("", "—")]


@form_for("police.begin_review")
@form_for("police.follow_up")
class KnownForm(VerbForm):
    evidence = long_text(
        _("What the police said, and whom you asked"), rows=3, help_text=_("Only colleagues see this.")
    )


@form_for("police.withdraw")
class SaidForm(VerbForm):
    evidence = long_text(
        _("Writing or recorded call"),
        rows=2,
        limit=EVIDENCE_LIMIT,
        help_text=_("Where it was said, so that it can be shown. Only colleagues see this."),
    )


@form_for("police.decline")
class DeclineForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, help_text=_("The consumer reads exactly these words."))


@form_for("police.prepare_again")
class ReasonForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, help_text=_("Only colleagues see this."))


@form_for("police.state_capacity")
class CapacityForm(ReasonForm):
    capacity = forms.ChoiceField(label=_("Capacity"), choices=[*EMPTY, *Capacity.choices])


class PaperChoice(forms.ModelChoiceField):
    """A paper of the case it came from, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return open_sealed(obj, "name")


def _seen_papers(form: VerbForm) -> list[UUID]:
    """The papers of the origin that whoever fills the form in may see there: who handles a report need not see the complaint."""
    if not isinstance(form.case, PoliceReport) or form.actor is None or form.case.origin is None:
        return []
    return [paper.id for paper in papers_of(form.case.origin, form.actor)]


class OfOriginForm(VerbForm):
    """A form that may name a paper of the origin, for whoever may see it there."""

    paper = PaperChoice(Attachment.objects.none(), label=_("Paper of the complaint"), required=False)

    def prepare(self) -> None:
        papers = Attachment.objects.filter(pk__in=_seen_papers(self))
        self.fields["paper"].queryset = papers.order_by("created_at", "id")


@form_for("police.settle_material")
class SettleForm(OfOriginForm):
    material = forms.ModelChoiceField(Material.objects.none(), label=_("Paper of the list"))
    state = forms.ChoiceField(
        label=_("Is it there"),
        choices=[*EMPTY, *((s.value, s.label) for s in (Material.State.HAVE, Material.State.NONE))],
    )
    note = long_text(_("Where it lies, or why there is none"), rows=2, required=False, limit=EVIDENCE_LIMIT)
    field_order = ("material", "state", "paper", "note")

    def prepare(self) -> None:
        super().prepare()
        _offer_materials(self, "material", lambda row: True)


@form_for("police.ask_materials")
class AskForm(VerbForm):
    materials = forms.ModelMultipleChoiceField(
        Material.objects.none(), label=_("Papers to ask for"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        _offer_materials(self, "materials", may_be_asked)

    def inputs(self) -> dict[str, Any]:
        return {"materials": list(self.cleaned_data["materials"])}


def _offer_materials(form: VerbForm, name: str, fits: Any) -> None:
    if isinstance(form.case, PoliceReport):
        offered = [row.pk for row in form.case.known_materials if fits(row)]
        form.fields[name].queryset = Material.objects.filter(pk__in=offered).order_by("seq")
        form.fields[name].label_from_instance = label_of


@form_for("police.add_material")
class MaterialForm(VerbForm):
    label = forms.CharField(label=_("What paper"), max_length=LABEL_LIMIT)


@form_for("police.add_loss")
class LossForm(OfOriginForm):
    occurred_on = day_field(_("Day of the payment"))
    amount_cny = forms.DecimalField(label=_("Amount (yuan)"), max_digits=10, decimal_places=2)
    payee = forms.CharField(
        label=_("Paid to"), max_length=PAYEE_LIMIT, help_text=_("Name and account, as the voucher names them.")
    )
    channel = forms.ChoiceField(label=_("How it was paid"), choices=[*EMPTY, *Loss.Channel.choices])
    field_order = ("occurred_on", "amount_cny", "payee", "channel", "paper")


@form_for("police.strike_loss")
class StrikeForm(ReasonForm):
    loss = forms.ModelChoiceField(Loss.objects.none(), label=_("Row of the table"))
    field_order = ("loss", "reason")

    def prepare(self) -> None:
        if isinstance(self.case, PoliceReport):
            kept = [row.pk for row in self.case.known_losses]
            self.fields["loss"].queryset = Loss.objects.filter(pk__in=kept).order_by("occurred_on", "seq")
            self.fields["loss"].label_from_instance = lambda row: f"{row.occurred_on} · {row.amount_cny:,.2f}"


@form_for("police.draft_statement")
class StatementForm(VerbForm):
    facts = long_text(
        _("What happened"),
        rows=12,
        help_text=_(
            "In the consumer's own words, in order of time: who, when, where, how, how much. Facts, no judgement."
        ),
    )
    suspects = long_text(
        _("Whom the consumer suspects"),
        rows=3,
        required=False,
        limit=EVIDENCE_LIMIT,
        help_text=_("Only what the consumer knows: names, numbers, accounts, places. Empty where nobody is known."),
    )

    def prepare(self) -> None:
        if isinstance(self.case, PoliceReport) and self.case.known_statement:
            for name in ("facts", "suspects"):
                self.fields[name].initial = open_sealed(self.case.known_statement, name)


@form_for("police.confirm_statement")
class ConfirmForm(SaidForm):
    sha256 = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        if isinstance(self.case, PoliceReport) and self.case.known_statement:
            self.fields["sha256"].initial = bytes(self.case.known_statement.sha256).hex()


@form_for("police.record_request")
class RequestForm(VerbForm):
    authority = forms.CharField(label=_("Authority"), max_length=RECIPIENT_LIMIT)
    basis = forms.ChoiceField(label=_("Legal basis"))
    reference = long_text(
        _("Where the consent or the request is found"),
        rows=2,
        limit=EVIDENCE_LIMIT,
        help_text=_("Number and day of the paper, and whose signature it bears."),
    )
    wanted = long_text(_("What is asked for"), rows=3, limit=EVIDENCE_LIMIT)
    asked_on = day_field(_("Day of the request"))

    def prepare(self) -> None:
        self.fields["basis"].choices = [*EMPTY, *((code, basis.label) for code, basis in house_rules().bases.items())]


@form_for("police.answer_request")
class AnswerForm(VerbForm):
    request = forms.ModelChoiceField(Cooperation.objects.none(), label=_("Request"))
    answer = forms.ChoiceField(
        label=_("What was given"), choices=[*EMPTY, *((a.value, a.label) for a in Cooperation.Answer if a.value)]
    )
    pack = forms.ModelChoiceField(Pack.objects.none(), label=_("Pack that was handed over"), required=False)
    given = long_text(_("What was answered"), rows=3, required=False, limit=EVIDENCE_LIMIT)
    answered_on = day_field(_("Day"))

    def prepare(self) -> None:
        if isinstance(self.case, PoliceReport):
            waiting = [row.pk for row in self.case.known_requests if not row.answer]
            self.fields["request"].queryset = Cooperation.objects.filter(pk__in=waiting).order_by("seq")
            handed = [pack.pk for pack in self.case.known_packs if pack.takings.all()]
            self.fields["pack"].queryset = Pack.objects.filter(pk__in=handed).order_by("seq")


@form_for("police.record_end")
class CaseEndForm(VerbForm):
    how = forms.ChoiceField(
        label=_("How it ended"), choices=[*EMPTY, *((end.value, end.label) for end in CaseEnd if end.value)]
    )
    known_on = day_field(
        _("Since when it is known"),
        help_text=_("Of a judgment: the day it came into force. Limitation counts anew from it."),
    )
    evidence = long_text(
        _("Paper that says so"), rows=2, limit=EVIDENCE_LIMIT, help_text=_("Only colleagues see this.")
    )


@form_for("police.record_visit")
class VisitForm(VerbForm):
    reported_on = day_field(_("Day of the report"))
    organ = forms.CharField(label=_("Police station"), max_length=ORGAN_LIMIT)
    evidence = long_text(_("How it is known"), rows=2, limit=EVIDENCE_LIMIT, help_text=_("Only colleagues see this."))


@form_for("police.record_report")
class ReportForm(VerbForm):
    reported_by = forms.ChoiceField(label=_("Who went to the police"), choices=[*EMPTY, *ReportedBy.choices])
    organ = forms.CharField(label=_("Police station"), max_length=ORGAN_LIMIT)
    receipt_no = forms.CharField(label=_("Number of the receipt (受案回执)"), max_length=NUMBER_LIMIT)
    officer = forms.CharField(label=_("Officer and how to reach them"), max_length=OFFICER_LIMIT)
    accepted_on = day_field(_("Day of the receipt"))


@form_for("police.docket")
class DocketForm(VerbForm):
    docket_no = forms.CharField(label=_("Number of the filing"), max_length=NUMBER_LIMIT)
    docketed_on = day_field(_("Day of the filing"))


@form_for("police.record_refusal")
class RefusalForm(VerbForm):
    refusal_no = forms.CharField(label=_("Number of the notice (不予立案通知书)"), max_length=NUMBER_LIMIT)
    received_on = day_field(
        _("Day the consumer received it"), help_text=_("The days for a reconsideration run from this day.")
    )


@form_for("police.ask_reconsideration")
@form_for("police.ask_rereview")
class RemedyForm(VerbForm):
    asked_on = day_field(_("Day of the request"))
    evidence = long_text(_("Application and how it was handed in"), rows=2, limit=EVIDENCE_LIMIT)


@form_for("police.record_reconsideration")
class ReconsiderationForm(VerbForm):
    number = forms.CharField(label=_("Number of the decision"), max_length=NUMBER_LIMIT)
    received_on = day_field(
        _("Day the consumer received it"), help_text=_("The days for a second review run from this day.")
    )


@form_for("police.correct_day")
class CorrectDayForm(ReasonForm):
    received_on = day_field(_("Day the consumer received it"))


@form_for("police.close")
class CloseForm(ReasonForm):
    waiver = long_text(
        _("Where the consumer said that an open remedy is not wanted"), rows=2, required=False, limit=EVIDENCE_LIMIT
    )


@form_for("police.build_pack")
class PackForm(VerbForm):
    recipient = forms.CharField(label=_("Authority"), max_length=RECIPIENT_LIMIT)
    basis = forms.ChoiceField(label=_("Legal basis"))
    reference = forms.CharField(
        label=_("Where the consent or the request is found"),
        max_length=EVIDENCE_LIMIT,
        help_text=_("Recording, writing, or the number of the authority's letter."),
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=EVIDENCE_LIMIT)
    items = forms.ModelMultipleChoiceField(
        Item.objects.none(),
        label=_("Papers to be listed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Listed by name and hash. The originals stay where they are."),
    )

    def prepare(self) -> None:
        self.fields["basis"].choices = [*EMPTY, *((one.code, one.label) for one in house_rules().bases.values())]
        if isinstance(self.case, PoliceReport):
            self.fields["recipient"].initial = self.case.organ
            offered = Item.objects.filter(case_id=self.case.origin_id, superseded=None)
            offered = offered.filter(attachment_id__in=_seen_papers(self)).order_by("number", "late")
            self.fields["items"].queryset = offered.select_related("attachment")
            self.fields["items"].label_from_instance = lambda row: f"{row.label} {open_sealed(row.attachment, 'name')}"

    def inputs(self) -> dict[str, Any]:
        return {**self.cleaned_data, "items": list(self.cleaned_data["items"])}


@form_for("police.ask_pack_release")
class AskReleaseForm(VerbForm):
    pack = forms.ModelChoiceField(Pack.objects.none(), label=_("Pack"))

    def prepare(self) -> None:
        if isinstance(self.case, PoliceReport):
            self.fields["pack"].queryset = Pack.objects.filter(case_id=self.case.pk).order_by("seq")
            self.fields["pack"].label_from_instance = lambda pack: f"{pack.seq} · {pack.recipient}"


@form_for("police.release_pack")
class ReleaseForm(VoteForm):
    asked = "police.release_pack"
    looked_at = "staff:packs"


class HandOverForm(VerbForm):
    given_to = forms.CharField(label=_("Handed to"), max_length=200)
