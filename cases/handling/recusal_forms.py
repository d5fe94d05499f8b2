"""What is typed when somebody is to be kept from a case; each kind registers the forms for its verbs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import VerbForm, long_text
from jike.accounts.models import User


class RecuseForm(VerbForm):
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[
            ("interest", _("Own interest in the matter")),
            ("relative", _("Relative or close friend of a party")),
            ("named", _("The complaint is about me")),
            ("merchant", _("Tied to the merchant")),
            ("other", _("Something else")),
        ],
    )
    reason = long_text(
        _("Reason"),
        rows=3,
        help_text=_("Effective at once: the case leaves all your lists and opens to you no more."),
    )


class RequestRecusalForm(VerbForm):
    of = forms.ModelChoiceField(
        User.objects.none(), label=_("Who is to be recused"), to_field_name="staff_no", required=False
    )
    reason = long_text(_("Reason"), rows=3)

    def prepare(self) -> None:
        """The consumer means whoever handles the case; the names of the staff are not for choosing."""
        if self.actor is not None and not self.actor.is_staff:
            del self.fields["of"]
            return
        self.fields["of"].queryset = User.objects.filter(is_active=True, unit_id=self.case.unit_id).order_by("staff_no")
        self.fields["of"].empty_label = _("The handler of the case")


class DecideRecusalForm(VerbForm):
    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[("granted", _("Recuse, effective at once")), ("refused", _("Refuse the request"))],
    )
    reason = long_text(_("Reason"), rows=3)


class LiftRecusalForm(VerbForm):
    of = forms.ModelChoiceField(User.objects.none(), label=_("Recused person"), to_field_name="staff_no")
    reason = long_text(_("Reason"), rows=3)

    def prepare(self) -> None:
        recused = User.objects.filter(recusals__case_id=self.case.pk, recusals__lifted_at=None)
        self.fields["of"].queryset = recused.filter(recusals__effective_at__isnull=False).distinct()
