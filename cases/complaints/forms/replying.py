"""What is chosen to send a reply text of the house."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.forms import VerbForm, form_for
from cases.models import Message
from cases.policy import in_force
from cases.policy.variables import filled
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant


@form_for("complaints.send_reply")
class SendReplyForm(VerbForm):
    """Every channel may be chosen: a case without an address there is skipped, or refused by its rule."""

    reply = forms.ChoiceField(label=_("Reply text"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Message.Channel, initial=Message.Channel.INBOX)

    def prepare(self) -> None:
        self.texts = {reply.version: reply for reply in in_force.replies(on=cst_date(current_instant()))}
        self.fields["reply"].choices = [(version, reply.title) for version, reply in self.texts.items()]

    def sample(self) -> str:
        chosen = self.texts.get(self.cleaned_data.get("reply", ""))
        if chosen is None or not isinstance(self.case, Complaint) or self.actor is None:
            return ""
        return filled(chosen.text, self.case, self.actor)
