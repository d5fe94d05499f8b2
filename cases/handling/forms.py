"""What is typed while a case is worked on; each kind registers the forms for its verbs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for, long_text
from cases.handling import recusal_forms
from cases.kinds import kind_named
from cases.models import Message
from cases.queries import reachable_channels
from jike.accounts.models import User


class AssignForm(VerbForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Handler"), to_field_name="staff_no")

    def prepare(self) -> None:
        roles = list(kind_named(self.case.kind).worked_by)
        colleagues = User.objects.filter(is_active=True, is_on_leave=False, roles__overlap=roles)
        self.fields["to"].queryset = colleagues.filter(unit_id=self.case.unit_id).order_by("staff_no")


class NoteForm(VerbForm):
    text = long_text(_("Internal note"), rows=3, help_text=_("Only colleagues see this."))


class MessageForm(VerbForm):
    channel = forms.ChoiceField(label=_("Channel"), choices=Message.Channel)
    text = long_text(_("Text to the consumer"), rows=4, help_text=_("The consumer reads exactly these words."))

    def prepare(self) -> None:
        if self.case is not None:
            known = reachable_channels(self.case)
            reachable = [(value, label) for value, label in Message.Channel.choices if value in known]
            self.fields["channel"].choices = reachable
        self.fields["channel"].initial = Message.Channel.INBOX


def shared_forms(area: str) -> None:
    """Register the forms of what is done on a case of any kind, for the verbs that `shared_verbs` registers under the same name."""
    form_for(f"{area}.assign")(AssignForm)
    form_for(f"{area}.note")(NoteForm)
    form_for(f"{area}.recuse")(recusal_forms.RecuseForm)
    form_for(f"{area}.request_recusal")(recusal_forms.RequestRecusalForm)
    form_for(f"{area}.decide_recusal")(recusal_forms.DecideRecusalForm)
    form_for(f"{area}.lift_recusal")(recusal_forms.LiftRecusalForm)
