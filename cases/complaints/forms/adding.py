"""What is typed to record new facts, and to ask that the count begin anew."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.forms import PayloadForm, ShanghaiDateTimeField, VerbForm, form_for, long_text


@form_for("complaints.add_facts")
class AddFactsForm(VerbForm):
    text = long_text(_("What is new"), rows=4, help_text=_("What the consumer added, in the consumer's words."))
    received_at = ShanghaiDateTimeField(label=_("When it came"), required=False)

    def prepare(self) -> None:
        """The consumer adds now, in own words."""
        if self.actor is not None and not self.actor.is_staff:
            del self.fields["received_at"]
            self.fields["text"].help_text = ""

    def inputs(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


@form_for("complaints.ask_restart")
class AskRestartForm(VerbForm):
    reason = long_text(
        _("What is new in it"),
        rows=3,
        limit=2_000,
        help_text=_(
            "A repetition is not new. A second person checks it; the count then begins anew with the material's receipt."
        ),
    )


@form_for("complaints.approve_restart")
class ApproveRestartForm(PayloadForm):
    asked = "complaints.approve_restart"
