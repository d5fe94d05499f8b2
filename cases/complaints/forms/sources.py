"""What is typed about the sources of a complaint and the funder's part."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import ShanghaiDateTimeField, VerbForm, form_for, long_text
from cases.models import Source


@form_for("complaints.add_source")
class AddSourceForm(VerbForm):
    name = forms.CharField(label=_("Source"), max_length=60, help_text=_("12378, 12315, a platform, the hotline …"))
    external_id = forms.CharField(label=_("Its number there"), max_length=80)
    received_at = ShanghaiDateTimeField(label=_("Received by us or the funder"))
    supervisor_received_at = ShanghaiDateTimeField(label=_("Received by the supervisor"), required=False)
    transferred_at = ShanghaiDateTimeField(label=_("Transferred by the supervisor"), required=False)
    reason = forms.CharField(
        label=_("Reason, if it was received earlier than this case"), max_length=200, required=False
    )


@form_for("complaints.reply_source")
class ReplySourceForm(VerbForm):
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"))
    replied_at = ShanghaiDateTimeField(label=_("Answered at"), required=False)
    text = long_text(_("What was answered"), rows=3)

    def prepare(self) -> None:
        self.fields["source"].queryset = self.case.sources.order_by("received_at")


@form_for("complaints.forward_to_funder")
class ForwardForm(VerbForm):
    words = long_text(_("What the funder is asked"), rows=4)


@form_for("complaints.record_funder_reply")
class FunderReplyForm(VerbForm):
    replied_at = ShanghaiDateTimeField(label=_("Answered at"), required=False)
    text = long_text(_("What was answered"), rows=4)
