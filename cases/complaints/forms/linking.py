"""What is typed to link two cases."""

from __future__ import annotations

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.complaints.models import Complaint
from cases.complaints.rules.linking import ended_by_hand
from cases.forms import VerbForm, form_for
from cases.models import Case, Link
from cases.queries import case_for


@form_for("complaints.link")
class LinkForm(VerbForm):
    other = forms.CharField(label=gettext_lazy("Number of the other case"), max_length=24)
    kind = forms.ChoiceField(
        label=gettext_lazy("How they hang together"), choices=[(kind.value, kind.label) for kind in Link.BY_HAND]
    )

    def clean_other(self) -> Case:
        try:
            return case_for(self.actor, self.cleaned_data["other"].strip().upper())
        except Http404:
            # For programs a refusal, not a wrong shape: which numbers are good only the person's sight decides.
            message = _("Give the number of a case that you may open.")
            raise forms.ValidationError(message, code="invalid_choice") from None


@form_for("complaints.unlink")
class UnlinkForm(VerbForm):
    link = forms.ModelChoiceField(Link.objects.none(), label=gettext_lazy("Which link"))

    def prepare(self) -> None:
        if self.case is None or self.actor is None:
            return
        mine = ended_by_hand(Complaint.objects.get(pk=self.case.pk), self.actor)
        self.fields["link"].queryset = Link.objects.filter(pk__in=[link.pk for link in mine])
        self.fields["link"].label_from_instance = self._said

    def _said(self, link: Link) -> str:
        if link.case_id == self.case.pk:
            return f"{link.get_kind_display()} {link.other.number}"
        return f"{Link.SEEN_FROM_OTHER[link.kind]} {link.case.number}"
