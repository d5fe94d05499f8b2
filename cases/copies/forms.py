"""What is drawn or typed to say what is covered; each kind registers the forms for its verbs."""

from __future__ import annotations

from typing import Any

from django import forms
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


class AreasField(forms.Field):
    """Any number of areas, each as `page,x,y,width,height,kind` with fractions of the page."""

    widget = forms.SelectMultiple

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
    """The areas that hold, and perhaps one more in percent of the page."""

    areas = AreasField(label=_("Areas"), required=False)
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1, max_value=10_000)
    x = forms.FloatField(label=_("From the left, %"), required=False, min_value=0, max_value=100)
    y = forms.FloatField(label=_("From the top, %"), required=False, min_value=0, max_value=100)
    width = forms.FloatField(label=_("Width, %"), required=False, min_value=0.1, max_value=100)
    height = forms.FloatField(label=_("Height, %"), required=False, min_value=0.1, max_value=100)
    kind = forms.ChoiceField(label=_("What it is"), choices=list(KINDS.items()), required=False, initial="other")

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        places = [typed.get(name) for name in ("page", *PLACES)]
        if any(place is not None for place in places) and any(place is None for place in places):
            self.add_error("page", _("Give the page and all four measures of the area."))
        return typed

    def inputs(self) -> dict[str, Any]:
        typed, areas = self.cleaned_data, list(self.cleaned_data["areas"])
        if typed["page"] is not None:
            x, y, width, height = (round(typed[name] / 100, 5) for name in PLACES)
            areas.append(Area(typed["page"], x, y, width, height, typed["kind"] or "other"))
        return {"item": typed["item"], "audience": typed["audience"], "areas": areas}
