"""What is typed to make a bundle and to hand it out; each kind registers the forms for its verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.bundles.models import Bundle
from cases.bundles.profiles import PROFILES
from cases.bundles.rules import MOST_TO
from cases.evidence.models import Item
from cases.forms import VerbForm, VoteForm, form_for


def register_bundle_forms(area: str) -> None:
    """Give the verbs of one kind, by the first half of their names, the forms of bundles."""
    form_for(f"{area}.build_bundle")(BuildForm)
    form_for(f"{area}.ask_bundle_release")(BundleForm)
    form_for(f"{area}.hand_out_bundle")(HandOutForm)
    release = {"asked": f"{area}.release_bundle", "looked_at": "staff:bundles"}
    form_for(f"{area}.release_bundle")(type("ReleaseForm", (VoteForm,), release))


class BuildForm(VerbForm):
    profile = forms.ChoiceField(label=_("For whom"), choices=[(one.code, one.label) for one in PROFILES.values()])
    without = forms.ModelMultipleChoiceField(
        Item.objects.none(), label=_("Leave out"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        if self.case is not None:
            self.fields["without"].queryset = Item.objects.filter(case_id=self.case.pk)

    def inputs(self) -> dict[str, Any]:
        return {"profile": self.cleaned_data["profile"], "without": list(self.cleaned_data["without"])}


class BundleForm(VerbForm):
    bundle = forms.ModelChoiceField(Bundle.objects.none(), label=_("Bundle"))

    def prepare(self) -> None:
        if self.case is not None:
            self.fields["bundle"].queryset = Bundle.objects.filter(case_id=self.case.pk).order_by("asked_at")
            self.fields["bundle"].label_from_instance = lambda bundle: format_lazy(
                "{label} v{n}", label=PROFILES[bundle.profile].label, n=bundle.version
            )


class HandOutForm(BundleForm):
    to = forms.CharField(label=_("Handed to"), max_length=MOST_TO)
