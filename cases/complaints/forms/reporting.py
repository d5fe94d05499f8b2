"""What is typed to open help with a police report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for, long_text
from cases.police.rules.opening import EVIDENCE_LIMIT
from cases.police.states import Capacity


@form_for("complaints.open_police_report")
class OpenPoliceReportForm(VerbForm):
    capacity = forms.ChoiceField(
        label=_("Capacity"),
        choices=[("", "—"), *Capacity.choices],
        help_text=_(
            "Only a victim who accuses may have a refusal reconsidered. It can be corrected until there is a receipt."
        ),
    )
    wish = long_text(
        _("Where the consumer asked for it"),
        rows=2,
        limit=EVIDENCE_LIMIT,
        help_text=_("Writing or recorded call. Only colleagues see this."),
    )
