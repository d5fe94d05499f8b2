"""How a member of staff wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.notices.happenings import HAPPENINGS, Mode
from jike.base.actors import Actor

CHANNELS = ("desk", "email")


class SettingsForm(forms.Form):
    """Address, quiet hours, and one choice per happening and channel. Only what may be chosen is offered."""

    email = forms.EmailField(
        label=_("Your e-mail address at work"),
        required=False,
        help_text=_("E-mails hold the case number and a link, no personal data."),
    )
    quiet_from = forms.TimeField(
        label=_("No e-mail from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(label=_("until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_on_days_off = forms.BooleanField(label=_("No e-mail on days off"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for code, happening in HAPPENINGS.items():
            for channel in CHANNELS:
                modes = happening.modes(channel)  # type: ignore[arg-type]
                self.fields[f"{code}:{channel}"] = forms.ChoiceField(
                    label=happening.label,
                    choices=[(mode, Mode(mode).label) for mode in modes],
                    disabled=len(modes) == 1,
                )

    def rows(self) -> list[dict[str, Any]]:
        """One row of the table per happening."""
        return [
            {"happening": happening, "desk": self[f"{code}:desk"], "email": self[f"{code}:email"]}
            for code, happening in HAPPENINGS.items()
        ]

    def inputs(self) -> dict[str, Any]:
        given = self.cleaned_data
        modes = {(code, channel): given[f"{code}:{channel}"] for code in HAPPENINGS for channel in CHANNELS}
        return {
            "modes": modes,
            **{name: given[name] for name in ("email", "quiet_from", "quiet_until", "quiet_on_days_off")},
        }
