"""What is typed while a complaint is worked on."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import headings
from cases.forms import VerbForm, form_for, long_text
from cases.handling import forms as shared
from jike.base.dates import cst_date

form_for("complaints.assign")(shared.AssignForm)
form_for("complaints.note")(shared.NoteForm)
form_for("complaints.message")(shared.MessageForm)


@form_for("complaints.classify")
class ClassifyForm(VerbForm):
    business_code = forms.ChoiceField(label=_("Business"))
    cause_code = forms.ChoiceField(label=_("Primary cause"))
    reason = long_text(_("Reason of the change"), rows=2, required=False, help_text=_("Only colleagues see this."))

    def prepare(self) -> None:
        if not self.case.business_code:
            del self.fields["reason"]  # nothing is changed yet
        on = cst_date(self.case.received_at)
        self.fields["business_code"].choices = [("", "—"), *headings.choices("business", on=on)]
        self.fields["cause_code"].choices = [("", "—"), *headings.choices("cause", on=on)]
        self.fields["business_code"].initial = self.case.business_code
        self.fields["cause_code"].initial = self.case.cause_code
