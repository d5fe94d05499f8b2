"""What is typed about other people in a complaint, about tasks and flags."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.complaints.rules.parties import ROLES
from cases.forms import ShanghaiDateTimeField, VerbForm, form_for, long_text
from cases.models import Party, Task
from jike.accounts.models import User
from jike.privacy import open_sealed


def colleagues(form: VerbForm) -> Any:
    return User.objects.filter(is_active=True, unit_id=form.case.unit_id).order_by("staff_no")


@form_for("complaints.add_party")
class AddPartyForm(VerbForm):
    role = forms.ChoiceField(label=_("Role"), choices=[c for c in Party.Role.choices if c[0] in ROLES])
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Telephone number"), max_length=20, required=False)
    relation = forms.CharField(label=_("Relation to the complainant"), max_length=200, required=False)
    staff = forms.ModelChoiceField(
        User.objects.none(), label=_("Account, if it is staff"), to_field_name="staff_no", required=False
    )

    def prepare(self) -> None:
        self.fields["staff"].queryset = User.objects.filter(is_active=True).order_by("staff_no")


@form_for("complaints.appoint_agent")
class AppointAgentForm(VerbForm):
    name = forms.CharField(label=_("Name of the agent"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile number of the agent"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        help_text=_("With the receipt code and this number the agent will sign in."),
    )
    relation = forms.CharField(label=_("Relation to you"), max_length=200, required=False)


@form_for("complaints.verify_authority")
class VerifyAuthorityForm(VerbForm):
    party = forms.ModelChoiceField(Party.objects.none(), label=_("Who"))
    authority = forms.ChoiceField(label=_("What was seen"), choices=Party.Authority.choices[1:])
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["party"].queryset = self.case.parties.filter(role__in=Party.ACTS_FOR, verified_at=None)
        self.fields["party"].label_from_instance = lambda p: f"{p.get_role_display()} {p.name_mask}"


@form_for("complaints.record_joint")
class RecordJointForm(VerbForm):
    people = forms.IntegerField(label=_("How many complain together"), min_value=2, max_value=10_000)
    in_person = forms.BooleanField(label=_("They came in person"), required=False)


@form_for("complaints.add_task")
class AddTaskForm(VerbForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_at = ShanghaiDateTimeField(label=_("Until when"), required=False)
    assignee = forms.ModelChoiceField(User.objects.none(), label=_("Who"), to_field_name="staff_no", required=False)

    def prepare(self) -> None:
        self.fields["assignee"].queryset = colleagues(self)
        self.fields["assignee"].empty_label = _("The handler of the case")


class OpenTaskForm(VerbForm):
    task = forms.ModelChoiceField(Task.objects.none(), label=_("Task"))

    def prepare(self) -> None:
        self.fields["task"].queryset = Task.objects.filter(case_id=self.case.pk, ended_at=None).order_by("due_at")
        self.fields["task"].label_from_instance = lambda task: open_sealed(task, "title")


@form_for("complaints.finish_task")
class FinishTaskForm(OpenTaskForm):
    pass


@form_for("complaints.skip_task")
class SkipTaskForm(OpenTaskForm):
    reason = long_text(_("Reason"), rows=2)


@form_for("complaints.flag")
class FlagForm(VerbForm):
    flags = forms.MultipleChoiceField(
        label=_("Flags"),
        choices=[
            ("crime", _("Signs of a crime")),
            ("leak", _("Leak of personal data")),
            ("distress", _("Distress or self-harm")),
            ("post", _("Wants letters by post")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tasks come up beside; the time limit runs on."),
    )
