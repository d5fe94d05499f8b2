"""What is typed to ask the consumer for material, and to record what came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.complaints import materials, supplements
from cases.complaints.supplements import Answer, Item
from cases.forms import VerbForm, form_for, long_text
from jike.base.dates import cst_date
from jike.base.dates import now as current_instant


@form_for("complaints.ask_supplement")
class AskSupplementForm(VerbForm):
    codes = forms.MultipleChoiceField(label=_("What is needed"), required=False, widget=forms.CheckboxSelectMultiple)
    others = long_text(
        _("Something else"),
        rows=3,
        required=False,
        help_text=_(
            "One line each: what, a colon, and what it is needed for. List everything now; a second list is not possible."
        ),
    )

    def prepare(self) -> None:
        if self.case is None:
            return
        today = cst_date(current_instant())
        chosen = self.fields["codes"]
        chosen.choices = [(m.code, f"{m.label} · {m.why_zh}") for m in materials.askable(self.case, on=today)]
        held = materials.held_of(self.case)
        names = "、".join(m.label for m in materials.materials() if m.code in held)
        chosen.help_text = format_lazy(_("Not asked for, because we have it: {names}."), names=names)


@form_for("complaints.supplement")
class SupplementForm(VerbForm):
    is_all = forms.BooleanField(label=_("That is all; nothing more will come"), required=False)

    def prepare(self) -> None:
        self.items: list[Item] = []
        request = supplements.open_request_of(self.case) if self.case else None
        if request is None:
            return
        self.items = [item for item in supplements.items_of(request) if not item.is_answered]
        for item in self.items:
            self.fields[f"text_{item.seq}"] = long_text(item.what, rows=2, required=False, help_text=item.why)
            self.fields[f"none_{item.seq}"] = forms.BooleanField(label=_("Does not have it"), required=False)
        self.fields["is_all"] = self.fields.pop("is_all")

    def inputs(self) -> dict[str, Any]:
        said = self.cleaned_data
        answers = [
            Answer(item.id, text=said[f"text_{item.seq}"], has_none=said[f"none_{item.seq}"])
            for item in self.items
            if said[f"text_{item.seq}"] or said[f"none_{item.seq}"]
        ]
        return {"answers": answers, "is_all": said["is_all"]}
