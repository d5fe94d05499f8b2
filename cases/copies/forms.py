"""What is drawn or typed to say what is covered; each kind registers the forms for its verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.copies.models import Audience
from cases.copies.rules import MOST_AREAS
from cases.evidence.forms import ItemForm
from cases.forms import form_for
from jike.base.errors import Text
from jike.files.covers import Area, area_of

KINDS: dict[str, Text] = {
    "id_number": pgettext_lazy("area", "ID number"),
    "phone": pgettext_lazy("area", "Phone"),
    "card": pgettext_lazy("area", "Bank card"),
    "address": pgettext_lazy("area", "Address"),
    "other": pgettext_lazy("area", "Other"),
}
AUDIENCES = [(audience.value, audience.label) for audience in Audience if audience != Audience.STAFF]
PLACES = ("x", "y", "width", "height")


def register_copy_forms(area: str) -> None:
    """Give the verbs of one kind, by the first half of their names, the forms of copies."""
    form_for(f"{area}.redact_evidence")(RedactForm)
    form_for(f"{area}.release_evidence")(ReleaseForm)


_FRACTION = r"[01](\.[0-9]{1,17})?"


class AreasField(forms.Field):
    """Any number of areas, each as `page,x,y,width,height,kind` with fractions of the page. Programs send a list of such strings."""

    widget = forms.SelectMultiple
    json_items = rf"^[0-9]{{1,6}}(,{_FRACTION}){{4}},[a-z_]{{1,20}}$"

    def clean(self, value: Any) -> list[Area]:
        try:
            return [area_of(str(row).split(",")) for row in (value or ())[: MOST_AREAS + 1]]
        except (ValueError, TypeError):
            raise forms.ValidationError(_("This is not an area of a page."), code="invalid") from None


class CopyForm(ItemForm):
    audience = forms.ChoiceField(label=_("For whom"), choices=AUDIENCES)


class ReleaseForm(CopyForm):
    pass


class RedactForm(CopyForm):
    areas = AreasField(label=_("Areas"), required=False)


class MeasuresForm(forms.Form):
    """One more area by its measures, in percent of the page: what a drawing tool does without a script."""

    page = forms.IntegerField(label=_("Page"), min_value=1)
    x = forms.FloatField(label=_("From the left, %"), min_value=0, max_value=100)
    y = forms.FloatField(label=_("From the top, %"), min_value=0, max_value=100)
    width = forms.FloatField(label=_("Width, %"), min_value=0.1, max_value=100)
    height = forms.FloatField(label=_("Height, %"), min_value=0.1, max_value=100)
    kind = forms.ChoiceField(label=_("What it is"), choices=list(KINDS.items()), required=False, initial="other")

    use_required_attribute = False


def with_measures(typed: QueryDict) -> QueryDict:
    """What was sent, with the area that was given by its measures among the others; one that is not whole is left to be refused."""
    measures = MeasuresForm(typed)
    if any(typed.get(name) for name in ("page", *PLACES)):
        is_whole = measures.is_valid()
        given = measures.cleaned_data
        places = [round(given[name] / 100, 5) for name in PLACES] if is_whole else []
        row = [given["page"], *places, given["kind"] or "other"] if is_whole else ["?"]
        typed.appendlist("areas", ",".join(map(str, row)))
    return typed
