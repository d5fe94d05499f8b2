"""What is typed to merge two complaints or to undo it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints.models import Complaint
from cases.complaints.rules.merging import MERGE, of_the_same_person
from cases.forms import VerbForm, VoteForm, form_for, long_text
from jike.base.dates import CST


class OtherComplaint(forms.ModelChoiceField):
    """One of the consumer's other open complaints, by number, state and day."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.state_label} · {obj.received_at.astimezone(CST):%Y-%m-%d}"


@form_for("complaints.ask_merge")
class AskMergeForm(VerbForm):
    into = OtherComplaint(Complaint.objects.none(), label=_("Goes on in"), to_field_name="number")
    same_matter = long_text(_("Why it is the same matter"), rows=3)

    def prepare(self) -> None:
        if self.case is not None:
            self.fields["into"].queryset = of_the_same_person(Complaint.objects.get(pk=self.case.pk))


@form_for(MERGE)
class MergeForm(VoteForm):
    asked = MERGE


@form_for("complaints.unmerge")
class UnmergeForm(VerbForm):
    reason = long_text(_("Why the two are not the same matter"), rows=3)
