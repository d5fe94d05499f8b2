"""What is typed when the complainant's telephone number is to change."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules.contacts import waiting_change
from cases.forms import PayloadForm, VerbForm, form_for, long_text
from jike.privacy import open_sealed


@form_for("complaints.check_phone")
class CheckPhoneForm(VerbForm):
    evidence = long_text(
        _("How identity was checked"),
        rows=3,
        limit=2_000,
        help_text=_(
            "For example: the paper that was shown, questions only the complainant can answer, a call to the loan's contact."
        ),
    )

    def prepare(self) -> None:
        """The asker's own words stand above the field."""
        change = waiting_change(Complaint.objects.get(pk=self.case.pk)) if self.case else None
        if change and change.applicant:
            self.fields["evidence"].help_text = "{} {} → {}：{}".format(
                self.fields["evidence"].help_text,
                change.old_mask,
                change.new_mask,
                open_sealed(change.applicant, "relation"),
            )


@form_for("complaints.approve_phone")
class ApprovePhoneForm(PayloadForm):
    asked = "complaints.approve_phone"


@form_for("complaints.refuse_phone")
class RefusePhoneForm(VerbForm):
    reason = long_text(_("Reason"), rows=3, help_text=_("The asker and the number that stays are told this."))
