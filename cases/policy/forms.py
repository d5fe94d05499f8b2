"""What is typed to draft, return or approve a version of policy."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import long_text


class VersionForm(forms.Form):
    """Title, first day and text of a version."""

    title = forms.CharField(label=_("Title"), max_length=120)
    effective_from = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    content = long_text(_("Text"), rows=12, limit=40_000)


class NewReplyForm(VersionForm):
    """A reply text that does not exist yet also needs a name of its own."""

    code = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Latin letters, digits and hyphens, such as refund-confirmed."),
    )
    field_order = ("code", "title", "effective_from", "content")


class ReturnForm(forms.Form):
    reason = long_text(_("What must be improved"), rows=3, limit=500)


class ApproveForm(forms.Form):
    content_sha256 = forms.CharField(widget=forms.HiddenInput)
