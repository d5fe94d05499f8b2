"""What is typed to ask for a longer limit, to approve it, and to record its notice."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.forms import PayloadForm, VerbForm, form_for, long_text
from cases.handling.proof_forms import ProofForm


class ExtendForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, limit=2_000, help_text=_("The consumer reads exactly these words."))


@form_for("complaints.approve_extension")
class ApproveExtensionForm(PayloadForm):
    asked = "complaints.approve_extension"


form_for("complaints.extend_30")(ExtendForm)
form_for("complaints.extend_60")(ExtendForm)
form_for("complaints.settle_extension")(ProofForm)
