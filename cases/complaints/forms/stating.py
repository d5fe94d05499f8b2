"""What the consumer types about a decision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for, long_text


@form_for("complaints.contest_decision")
class ContestDecisionForm(VerbForm):
    words = long_text(_("What is wrong with the decision?"), rows=5)
