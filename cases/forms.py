"""Forms give shape to what people type; whether it may happen is asked of the rules. One form per verb, found by its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from jike.base.actors import Actor
from jike.base.dates import CST


class VerbForm(forms.Form):
    """The inputs of one verb. `inputs()` are the keywords its action takes."""

    required_css_class = "required"

    def __init__(self, *args: Any, case: Case | None = None, actor: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.actor = case, actor
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the case or the person."""

    def inputs(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NoInputForm(VerbForm):
    """For verbs that need a click and nothing else."""


class ShanghaiDateTimeField(forms.DateTimeField):
    """A local time typed by a person, read as Asia/Shanghai."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(CST):
            return super().to_python(value)


_FORMS: dict[str, type[VerbForm]] = {}


def form_for(verb: str) -> Callable[[type[VerbForm]], type[VerbForm]]:
    """Register a form for the verb of this name."""

    def decorate(form: type[VerbForm]) -> type[VerbForm]:
        _FORMS[verb] = form
        return form

    return decorate


def form_of(verb: str) -> type[VerbForm]:
    return _FORMS.get(verb, NoInputForm)


def long_text(
    label: Any, *, rows: int = 4, help_text: Any = "", required: bool = True, limit: int = 8_000
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Please fill in this field.")},
    )
