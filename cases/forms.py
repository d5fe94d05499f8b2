"""Forms give shape to what people type; whether it may happen is asked of the rules. One form per verb, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import approvals
from cases.models import Approval, Case
from cases.rules import PART_LIMIT
from jike.base.actors import Actor
from jike.base.dates import CST
from jike.base.errors import Blocker

OUR_YEARS = (2000, 2099)


class VerbForm(forms.Form):
    """The inputs of one verb. `inputs()` are the keywords its action takes."""

    required_css_class = "required"

    def __init__(
        self,
        *args: Any,
        case: Case | None = None,
        actor: Actor | None = None,
        typed: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`typed` is a draft: what the person had written before, shown again."""
        super().__init__(*args, **kwargs)
        self.case, self.actor = case, actor
        self.prepare()
        for name, words in (typed or {}).items():
            if name in self.fields and not isinstance(self.fields[name].widget, forms.HiddenInput):
                self.fields[name].initial = words

    def prepare(self) -> None:
        """Fill choices that depend on the case or the person."""

    def inputs(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def sample(self) -> str:
        """What a party would read, where the inputs say it: shown before one act is done to many cases. Only of a valid form."""
        return ""


class NoInputForm(VerbForm):
    """For verbs that need a click and nothing else."""


class PayloadForm(VerbForm):
    """Votes on exactly the request that was looked at: its hash travels along. `asked` names the verb that waits."""

    asked = ""
    payload = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        if self.case is not None and self.actor is not None and (approval := self.approval()):
            self.fields["payload"].initial = bytes(approval.payload_sha256).hex()

    def approval(self) -> Approval | None:
        assert self.case is not None and self.actor is not None
        if self.asked:
            return approvals.waiting_for(self.case, self.asked)
        return approvals.request_waiting(self.case, self.actor, payload=self.initial.get("payload", ""))


class VoteForm(PayloadForm):
    """Approve what waits, or return it with a reason; what is asked for stands above it in words.

    `looked_at` is the page, by its route under a case, on which the voter can look at the thing itself.
    """

    looked_at = ""
    verdict = forms.ChoiceField(
        label=_("Answer"),
        choices=list(zip(approvals.VERDICTS, (_("Approve"), _("Return")), strict=True)),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("What must be improved"),
        help_text=_("Only if you return it."),
        required=False,
        max_length=PART_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def in_our_years(value: date) -> None:
    """Refuse a slip like the year 0206, which no calendar and no clock could count with."""
    if not OUR_YEARS[0] <= value.year <= OUR_YEARS[1]:
        message = _("Check the year: it must lie between %(first)s and %(last)s.")
        raise forms.ValidationError(
            message, code="out_of_range", params={"first": str(OUR_YEARS[0]), "last": str(OUR_YEARS[1])}
        )


class ShanghaiDateTimeField(forms.DateTimeField):
    """A local time typed by a person, read as Asia/Shanghai."""

    default_validators = (in_our_years,)
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


def faults_of(form: VerbForm | None) -> list[Blocker]:
    """What is wrong with what was typed, as reasons that name their field; none for no form and for a good one."""
    if form is None or form.is_valid():
        return []
    return [
        Blocker(f"{name}.invalid", f"{form.fields[name].label}：{' '.join(errors)}" if name in form.fields else " ".join(errors), field=name)
        for name, errors in form.errors.items()
    ]  # fmt: skip


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


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A Shanghai day, chosen from a calendar where the browser has one."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[in_our_years],
    )
