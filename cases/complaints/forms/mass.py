"""What is typed about mass events."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints.rules.mass import NAME_LIMIT
from cases.forms import VerbForm, form_for, long_text
from cases.ties.models import MassEvent
from cases.ties.queries import open_events_for
from jike.privacy import open_sealed


@form_for("complaints.form_mass")
class FormMassForm(VerbForm):
    name = forms.CharField(
        label=_("Name of the mass event"),
        max_length=NAME_LIMIT,
        help_text=_("What it is about, for example the shop and what happened. No names of people."),
    )


@form_for("complaints.join_mass")
class JoinMassForm(VerbForm):
    event = forms.ModelChoiceField(MassEvent.objects.none(), label=_("Mass event"))

    def prepare(self) -> None:
        if self.actor is not None:
            self.fields["event"].queryset = open_events_for(self.actor)
        self.fields["event"].label_from_instance = lambda event: open_sealed(event, "name")


@form_for("complaints.leave_mass")
class LeaveMassForm(VerbForm):
    reason = long_text(_("Why it does not belong to the event"), rows=2)
