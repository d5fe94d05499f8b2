"""What is typed to return a request."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.forms import PayloadForm, form_for, long_text


@form_for("complaints.return_request")
class ReturnRequestForm(PayloadForm):
    reason = long_text(_("What must be improved"), rows=3)
