"""What is typed to record that a letter was posted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import ShanghaiDateTimeField, VerbForm, form_for, long_text
from cases.messages import letters_without_post
from cases.models import Message
from jike.base.dates import CST
from jike.privacy import open_sealed


class Letter(forms.ModelChoiceField):
    """A printed letter by its title and the day it was written."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{open_sealed(obj, 'subject')} · {obj.created_at.astimezone(CST):%Y-%m-%d}"


@form_for("complaints.record_post")
class PostForm(VerbForm):
    letter = Letter(Message.objects.none(), label=_("Letter"), empty_label=None)
    sent_at = ShanghaiDateTimeField(label=_("When it was posted"))
    evidence = long_text(_("Postal number"), rows=1, limit=200)

    def prepare(self) -> None:
        if self.case is not None:
            waiting = [letter.pk for letter in letters_without_post(self.case)]
            self.fields["letter"].queryset = Message.objects.filter(pk__in=waiting).order_by("-created_at")
