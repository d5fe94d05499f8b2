"""What is typed to keep the register; each kind registers the forms for its verbs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.attachments.models import Attachment
from cases.evidence.models import Description, Item
from cases.evidence.queries import papers_to_register, register_of
from cases.evidence.rules import MOST_PAGES, MOST_REASON, MOST_TITLE, MOST_WORDS
from cases.forms import VerbForm, form_for, long_text
from jike.privacy import open_sealed

UNSAID = ("", _("not said yet"))


def register_forms(area: str) -> None:
    """Give the verbs of one kind, by the first half of their names, the forms of the register."""
    form_for(f"{area}.register_evidence")(RegisterForm)
    form_for(f"{area}.describe_evidence")(DescribeForm)
    form_for(f"{area}.reorder_evidence")(ReorderForm)
    form_for(f"{area}.supersede_evidence")(SupersedeForm)
    form_for(f"{area}.hand_over_evidence")(HandOverForm)


class RegisterForm(VerbForm):
    papers = forms.ModelMultipleChoiceField(
        Attachment.objects.none(),
        label=_("Papers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all that are not in the register yet."),
    )
    after = forms.IntegerField(
        label=_("Behind number"),
        required=False,
        min_value=1,
        max_value=MOST_PAGES,
        help_text=_("Only when the list is locked: 12 makes 12A. Empty: behind the last."),
    )

    def prepare(self) -> None:
        if self.case is not None:
            offered = [paper.pk for paper in papers_to_register(self.case)]
            self.fields["papers"].queryset = Attachment.objects.filter(pk__in=offered).order_by("created_at", "id")
            self.fields["papers"].label_from_instance = lambda paper: open_sealed(paper, "name")

    def inputs(self) -> dict[str, Any]:
        return {"papers": list(self.cleaned_data["papers"]), "after": self.cleaned_data["after"]}


class ItemForm(VerbForm):
    """About one item of the register of the case."""

    item = forms.ModelChoiceField(Item.objects.none(), label=_("Item"))

    def prepare(self) -> None:
        if self.case is not None:
            self.offer("item")

    def offer(self, field: str) -> None:
        """Let people choose among the items by number and title."""
        assert self.case is not None and self.actor is not None
        titles = {row.item.pk: format_lazy("{n} {title}", n=row.label, title=row.title) for row in self.rows}
        choices: Any = self.fields[field]
        choices.queryset = Item.objects.filter(case_id=self.case.pk).order_by("number", "late")
        choices.label_from_instance = lambda item: titles.get(item.pk, item.label)

    @property
    def rows(self) -> list[Any]:
        """The register, read once."""
        if not hasattr(self, "_rows"):
            self._rows = register_of(self.case, self.actor)
        return self._rows


class DescribeForm(ItemForm):
    evidence_class = forms.ChoiceField(label=_("Class"), choices=[UNSAID, *Description.Class.choices], required=False)
    title = forms.CharField(label=_("Title of the item"), max_length=MOST_TITLE)
    source = forms.CharField(label=_("Source"), max_length=MOST_WORDS, required=False)
    proves = long_text(_("Object of proof"), rows=2, limit=MOST_WORDS, required=False)
    summary = long_text(_("Summary"), rows=2, limit=MOST_WORDS, required=False)
    page_from = forms.IntegerField(label=_("From page"), required=False, min_value=1, max_value=MOST_PAGES)
    page_to = forms.IntegerField(label=_("To page"), required=False, min_value=1, max_value=MOST_PAGES)
    form = forms.ChoiceField(label=_("Original or copy"), choices=[UNSAID, *Description.Form.choices], required=False)


class ReorderForm(VerbForm):
    """The ids of all items, in their new order."""

    order = forms.MultipleChoiceField(label=_("Order"), widget=forms.MultipleHiddenInput)

    def prepare(self) -> None:
        if self.case is not None:
            pks = Item.objects.filter(case_id=self.case.pk).order_by("number", "late").values_list("pk", flat=True)
            self.fields["order"].choices = [(str(pk), str(pk)) for pk in pks]

    def inputs(self) -> dict[str, Any]:
        return {"order": [UUID(pk) for pk in self.cleaned_data["order"]]}


class SupersedeForm(ItemForm):
    by = forms.ModelChoiceField(Item.objects.none(), label=_("Taken its place by"), required=False)
    reason = long_text(_("Reason"), rows=2, limit=MOST_REASON)

    def prepare(self) -> None:
        super().prepare()
        if self.case is not None:
            self.offer("by")


class HandOverForm(ItemForm):
    to = forms.CharField(label=_("Handed to"), max_length=MOST_TITLE)
    reason = long_text(_("Reason"), rows=2, limit=MOST_REASON)
