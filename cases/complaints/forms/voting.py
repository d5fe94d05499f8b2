"""What a second person reads and types to approve or return what waits."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.complaints.rules.voting import VERDICTS
from cases.forms import VerbForm, long_text


class VoteForm(VerbForm):
    """Subclasses name the verb that waits; the vote counts only for exactly what was shown."""

    waits_for: ClassVar[str]

    verdict = forms.ChoiceField(
        label=_("Answer"), choices=[(v.value, v.label) for v in VERDICTS], widget=forms.RadioSelect
    )
    reason = long_text(_("What must be improved"), rows=3, required=False, help_text=_("Only if you return it."))
    payload = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        if self.case is None or (approval := approvals.waiting_for(self.case, self.waits_for)) is None:
            return
        self.fields["payload"].initial = bytes(approval.payload_sha256).hex()
        asked = approvals.request_of(approval)
        self.fields["verdict"].help_text = "；".join(str(value) for value in asked.values() if value not in (None, ""))
