"""What is typed to ask for a review and to decide it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints import letters
from cases.complaints.forms.deciding import ProposeDecisionForm
from cases.complaints.models import Review
from cases.forms import ShanghaiDateTimeField, VerbForm, day_field, form_for, long_text
from cases.models import Decision
from jike.privacy import open_sealed


@form_for("complaints.request_review")
class RequestReviewForm(VerbForm):
    requested_at = ShanghaiDateTimeField(label=_("When the request arrived"), required=False)
    received_on = day_field(
        _("When the consumer received the decision"),
        required=False,
        help_text=_("Only if the postal record shows a later day than that of sending."),
    )
    reason = long_text(_("What the consumer finds wrong"), rows=4)

    def prepare(self) -> None:
        """The consumer asks now; when a letter arrived is known to staff only."""
        if self.actor is not None and not self.actor.is_staff:
            del self.fields["requested_at"], self.fields["received_on"]


@form_for("complaints.decide_review")
class DecideReviewForm(ProposeDecisionForm):
    outcome = forms.ChoiceField(label=_("Outcome of the review"), choices=[("", "—"), *Review.Outcome.choices])
    procedure = long_text(_("Procedure"), rows=2, help_text=_("Was the procedure kept? What was checked?"))
    timeliness = long_text(_("Timeliness"), rows=2, help_text=_("Were the time limits kept?"))
    field_order = ("outcome", "procedure", "timeliness")

    def prepare(self) -> None:
        """The reviewed decision is where the reviewer starts; the remedies are those after a review."""
        if self.case is None:
            return
        reviewed = self.case.decisions.order_by("version").last()
        if reviewed:
            self.fields["result"].initial = reviewed.result
            self.fields["redress_cny"].initial = reviewed.redress_cny
            for part in Decision.PARTS:
                self.fields[part].initial = open_sealed(reviewed, part)
        self.fields["remedies"].initial = letters.remedies_text(self.case, after_review=True)
