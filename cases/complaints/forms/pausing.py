"""What is typed to pause and resume the count, and to agree on a date."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment
from cases.complaints.models import ClockPause
from cases.forms import VerbForm, day_field, form_for, long_text
from cases.handling.proof_forms import ProofForm
from cases.queries import sight_of
from jike.base.dates import cst_date
from jike.privacy import open_sealed


class PaperChoice(forms.ModelChoiceField):
    """A paper of the case by its name and the day it came."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{open_sealed(obj, 'name')} · {cst_date(obj.created_at)}"


@form_for("complaints.pause")
class PauseForm(VerbForm):
    kind = forms.ChoiceField(label=_("Why"), choices=ClockPause.Kind)
    first_on = day_field(_("First day"))
    last_on = day_field(_("Last day, if it is known"), required=False)
    evidence = long_text(
        _("Proof"),
        rows=2,
        limit=2_000,
        help_text=_(
            "Mediation: the writing or recorded call in which the consumer agreed. Appraisal: the body and the paper that asked it."
        ),
    )


@form_for("complaints.resume")
class ResumeForm(VerbForm):
    last_on = day_field(_("Last day of the pause"))


@form_for("complaints.agree_deadline")
class AgreeDeadlineForm(VerbForm):
    due_on = day_field(_("Agreed last day"))
    evidence = long_text(
        _("Proof"), rows=2, limit=2_000, help_text=_("The written agreement, or the number of the recorded call.")
    )
    paper = PaperChoice(
        Attachment.objects.none(),
        label=_("Paper or recording"),
        empty_label=None,
        help_text=_("One of the papers of the case. Add it on the page of the case first."),
    )

    def prepare(self) -> None:
        if self.case is not None and self.actor is not None and sight_of(self.case, self.actor) == "full":
            self.fields["paper"].queryset = Attachment.objects.filter(subject=self.case.pk).order_by("-created_at")


form_for("complaints.count_pause")(ProofForm)
