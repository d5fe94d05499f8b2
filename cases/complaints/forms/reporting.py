"""What is typed to open help with a police report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, form_for, long_text
from cases.models import Case
from cases.police.rules.opening import EVIDENCE_LIMIT
from cases.police.states import Capacity
from cases.queries import NotVisible, case_for

PLAIN = [
    (
        Capacity.ACCUSER.value,
        _(
            "I lost money or was harmed, and want whoever did it prosecuted. If the police file no case, I can ask them to reconsider."
        ),
    ),
    (
        Capacity.REPORTER.value,
        _("I want the police to know what happened; I do not accuse anybody. The law gives no reconsideration then."),
    ),
    (
        Capacity.INFORMANT.value,
        _("It happened to somebody else, and I know who may have done it. The law gives no reconsideration then."),
    ),
]


@form_for("complaints.open_police_report")
class OpenPoliceReportForm(VerbForm):
    capacity = forms.ChoiceField(
        label=_("Capacity"),
        choices=[("", "—"), *Capacity.choices],
        help_text=_(
            "Only a victim who accuses may have a refusal reconsidered. It can be corrected until there is a receipt."
        ),
    )
    wish = long_text(
        _("Where the consumer asked for it"),
        rows=2,
        limit=EVIDENCE_LIMIT,
        help_text=_("Writing or recorded call. Only colleagues see this."),
    )

    def prepare(self) -> None:
        """The consumer is asked one thing, in plain words; that it is wished is shown by the asking."""
        if self.actor is not None and self.actor.kind == "consumer":
            del self.fields["wish"]
            self.fields["capacity"] = forms.ChoiceField(
                label=_("Which of these is true of you?"),
                choices=PLAIN,
                widget=forms.RadioSelect,
                help_text=_("If you are not sure, choose what comes nearest: we check it with you before you report."),
                error_messages={"required": _("Choose one of these.")},
            )


@form_for("complaints.open_house_report")
class OpenHouseReportForm(VerbForm):
    capacity = forms.ChoiceField(label=_("Capacity of the house"), choices=[("", "—"), *Capacity.choices])
    about = long_text(
        _("What the house reports"),
        rows=3,
        limit=EVIDENCE_LIMIT,
        help_text=_("Own losses and how they came about. Only colleagues see this."),
    )
    numbers = forms.CharField(
        label=_("Other cases of the same fraud"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Their numbers, one a line. They are linked; nothing is copied, and nobody sees more of them than before."
        ),
    )

    def clean_numbers(self) -> list[Case]:
        """The cases behind the numbers, each once. A number that this person may not see is not there."""
        found = []
        for number in dict.fromkeys(self.cleaned_data["numbers"].split()):
            try:
                found.append(case_for(self.actor, number))  # type: ignore[arg-type]
            except NotVisible:
                raise forms.ValidationError(
                    _("There is no case %(number)s that you may open."), params={"number": number}
                ) from None
        return found
