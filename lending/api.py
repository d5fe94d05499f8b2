"""What the core lending system tells over the API: loans, terms, merchants and institutions, each taken whole and once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from jike.api.errors import Malformed
from jike.api.idempotency import once
from jike.api.scopes import Scope, offer
from jike.api.views import Endpoint
from jike.base.errors import Refused
from lending.loans.actions import IMPORT, TERMS, import_loan
from lending.parties import POWER, register_funder, register_merchant, register_terms_of


@offer
def _of_imports() -> list[Scope]:
    return [
        Scope(IMPORT, _("Tell loans"), frozenset({IMPORT})),
        Scope(TERMS, _("Register contract terms"), frozenset({TERMS})),
        Scope(POWER, _("Register merchants and institutions"), frozenset({POWER})),
    ]


class Person(s.Serializer):
    name = s.CharField()
    phone = s.CharField()
    id_number = s.CharField(required=False)


class Service(s.Serializer):
    state = s.ChoiceField(choices=["unknown", "none", "partly", "served"])
    served_bp = s.IntegerField(required=False, help_text="Hundredths of a percent.")


class LoanTold(s.Serializer):
    """One document about one loan, whole: a later one adds and settles, and contradicts nothing. Amounts are whole cents.

    The rows of the lists are described in the manual of the administrator.
    """

    source = s.CharField()
    external_id = s.CharField()
    as_of = s.DateTimeField()
    person = Person()
    merchant = s.CharField(required=False, help_text="Unified social credit code.")
    salesperson = s.DictField(child=s.CharField(), required=False, help_text="`code`, `name`, or both.")
    funder = s.CharField(help_text="The institution's registered name.")
    contract_no = s.CharField(required=False)
    signed_at = s.DateTimeField(required=False)
    terms = s.CharField(required=False, help_text="Code of the registered terms.")
    principal_cents = s.IntegerField()
    term_months = s.IntegerField()
    state = s.ChoiceField(choices=["active", "overdue", "settled", "cancelled"])
    service = Service(required=False)
    instalments = s.ListField(child=s.DictField(), required=False)
    fees = s.ListField(child=s.DictField(), required=False)
    disbursements = s.ListField(child=s.DictField())
    repayments = s.ListField(child=s.DictField(), required=False)


class TermsTold(s.Serializer):
    code = s.CharField(max_length=40)
    effective_on = s.DateField()
    free_return = s.BooleanField()
    first_loan_only = s.BooleanField()
    silence_is_unserved = s.BooleanField()
    text_sha256 = s.CharField(max_length=64)


class MerchantTold(s.Serializer):
    uscc = s.CharField(max_length=18)
    name = s.CharField(max_length=120)
    scene = s.CharField()
    city = s.CharField(max_length=40)
    contact_phone = s.CharField(required=False)


class FunderTold(s.Serializer):
    name = s.CharField(max_length=120)
    letter_name = s.CharField(required=False, max_length=120)
    uscc = s.CharField(required=False, max_length=18)
    hotline = s.CharField(max_length=40)
    address = s.CharField(max_length=200)
    level = s.ChoiceField(choices=["head", "branch"], required=False)


class Taken(s.Serializer):
    """`outcome`: created, updated or unchanged."""

    id = s.CharField()
    outcome = s.CharField()


@contextmanager
def shaped() -> Iterator[None]:
    """A document that is no document is malformed (400, each field named); one that contradicts is refused (409)."""
    try:
        yield
    except Refused as refused:
        if all(blocker.code == "document.malformed" for blocker in refused.blockers):
            raise Malformed(list(refused.blockers)) from None
        raise


class Told(Endpoint):
    """The way in for what `takes(content, actor, now)` keeps."""

    takes: Any = None
    named: str = "pk"

    def post(self, request: Request) -> Response:
        return once(request, self.now, lambda key: self._taken(request.data))

    def _taken(self, content: Any) -> Response:
        with shaped():
            row, outcome = type(self).takes(content, actor=self.actor, now=self.now)
        taken = {"id": str(getattr(row, self.named)), "outcome": outcome}
        return Response(Taken(taken).data, status=201 if outcome == "created" else 200)


class TermsEndpoint(Told):
    scopes, takes, named = (TERMS,), staticmethod(register_terms_of), "code"

    @extend_schema(request=TermsTold, responses={200: Taken, 201: Taken})
    def post(self, request: Request) -> Response:
        """Register a version of the contract terms. A changed text is a new version under a new code."""
        return super().post(request)


class FundersEndpoint(Told):
    scopes, takes, named = (POWER,), staticmethod(register_funder), "name"

    @extend_schema(request=FunderTold, responses={200: Taken, 201: Taken})
    def post(self, request: Request) -> Response:
        """Register an institution that lends or answers."""
        return super().post(request)


def tell_loan(endpoint: Endpoint, request: Request) -> Response:
    """Take a loan document in: POST of the loans' address, which an app above this one answers for reading."""

    def taken(key: str) -> Response:
        with shaped():
            kept = import_loan(request.data, actor=endpoint.actor, now=endpoint.now)
        content = {"id": kept.loan.number, "outcome": kept.outcome}
        return Response(Taken(content).data, status=201 if kept.outcome == "created" else 200)

    return once(request, endpoint.now, taken)


def tell_merchant(endpoint: Endpoint, request: Request) -> Response:
    """Take a merchant in: POST of the merchants' address."""

    def taken(key: str) -> Response:
        with shaped():
            row, outcome = register_merchant(request.data, actor=endpoint.actor, now=endpoint.now)
        return Response(Taken({"id": row.uscc, "outcome": outcome}).data, status=201 if outcome == "created" else 200)

    return once(request, endpoint.now, taken)
