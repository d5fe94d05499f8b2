"""What the security administrator types to give a key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jike.accounts.models import Unit
from jike.accounts.roles import role_labels, table
from jike.api import keys
from jike.api.scopes import all_scopes


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Program"), max_length=60, help_text=_("Which system uses the key, and who looks after it.")
    )
    unit = forms.ModelChoiceField(Unit.objects.order_by("code"), label=_("Unit"), to_field_name="code")
    role = forms.ChoiceField(label=_("Role"), initial="integration", help_text=_("The most the key may ever do."))
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Days it lives"), initial=365, min_value=1, max_value=keys.LONGEST_DAYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["role"].choices = [(code, role_labels([code])[0]) for code in table().roles if keys.may_serve(code)]
        choices["scopes"].choices = [(scope.name, f"{scope.name}  {scope.label}") for scope in all_scopes().values()]
