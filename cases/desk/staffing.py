"""Pages about the people of the house: the relations they declare."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases.desk import rails
from cases.models import StaffRelation
from cases.relations import declare_relation, end_relation, relations_of
from jike.accounts.models import User
from jike.base.dates import now as current_instant
from jike.privacy import normalise_phone
from lending.models import Loan, Merchant


class RelationForm(forms.Form):
    """One relation: what it is, and the one merchant, loan or telephone number it is to."""

    role = forms.ChoiceField(label=gettext_lazy("Relation"), choices=StaffRelation.Role)
    of = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Whose relation"), to_field_name="staff_no", required=False
    )
    merchant = forms.CharField(label=gettext_lazy("Merchant"), required=False, max_length=120)
    loan = forms.CharField(label=gettext_lazy("Loan number"), required=False, max_length=40)
    phone = forms.CharField(label=gettext_lazy("Telephone number"), required=False, max_length=20)

    def __init__(self, *args: object, actor: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if actor.can("cases.declare_relation_for_others"):
            self.fields["of"].queryset = User.objects.filter(is_active=True, unit_id=actor.unit).order_by("staff_no")
            self.fields["of"].empty_label = gettext_lazy("Myself")
        else:
            del self.fields["of"]

    def clean_merchant(self) -> Merchant | None:
        name = self.cleaned_data["merchant"].strip()
        return self._known(Merchant.objects.filter(name=name).first(), name)

    def clean_loan(self) -> Loan | None:
        number = self.cleaned_data["loan"].strip()
        return self._known(Loan.objects.filter(number=number).first(), number)

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].strip()
        try:
            return normalise_phone(phone) if phone else ""
        except ValueError:
            raise forms.ValidationError(_("This is no mobile telephone number.")) from None

    @staticmethod
    def _known(row: object, typed: str) -> object:
        if typed and row is None:
            raise forms.ValidationError(_("Nothing of this name or number is known."))
        return row


@require_http_methods(["GET", "POST"])
def relations(request: HttpRequest) -> HttpResponse:
    """One's own declared relations, and the form that adds one; its effect is immediate."""
    form = RelationForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        user = given.pop("of", None) or request.user
        declare_relation(user, actor=request.actor, now=current_instant(), **given)
        messages.success(request, _("Declared. The cases it touches have left the lists."))
        return redirect("staff:relations")
    context = {"form": form, "relations": relations_of(request.actor), "rails": rails.RAILS}
    return render(request, "desk/relations.html", context, status=400 if request.method == "POST" else 200)


@require_POST
def relation_end(request: HttpRequest, pk: str) -> HttpResponse:
    relation = get_object_or_404(relations_of(request.actor), pk=pk)
    end_relation(relation, actor=request.actor, now=current_instant())
    return redirect("staff:relations")
