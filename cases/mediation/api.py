"""Mediations for programs: the list, and one with its offers, agreement and promises for whoever may read words."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from cases.api.collections import OfKind
from cases.mediation.models import Mediation
from cases.mediation.rules.delegating import colleagues_of
from cases.mediation.states import Form, Side
from cases.mediation.talks import files, shown
from jike.base.actors import Actor


class TermRow(s.Serializer):
    what = s.CharField()
    amount_cny = s.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    due_on = s.DateField()


class OfferRow(s.Serializer):
    """One offer; always without prejudice."""

    seq = s.IntegerField(source="offer.seq")
    side = s.ChoiceField(choices=Side.values, source="offer.side")
    terms = TermRow(many=True)
    effect = s.CharField(help_text="What the consumer has in the end if it is kept.")
    words = s.CharField()
    made_at = s.DateTimeField(source="offer.made_at")
    expires_at = s.DateTimeField(source="offer.expires_at")
    answer = s.CharField(source="offer.answer", help_text="Empty while it is open.")
    answered_at = s.DateTimeField(source="offer.answered_at", allow_null=True)
    released_by = s.SerializerMethodField(
        help_text="The sides that let it go into evidence bundles; both, and it does."
    )

    def get_released_by(self, told: shown.Told) -> list[str]:
        return sorted(row.side for row in told.offer.releases.all() if row.taken_back_at is None)


class SignatureRow(s.Serializer):
    side = s.CharField()
    signed_at = s.DateTimeField()


class AgreementRow(s.Serializer):
    version = s.IntegerField(source="row.version")
    sha256 = s.CharField()
    signatures = SignatureRow(many=True)


class PromiseRow(s.Serializer):
    seq = s.IntegerField(source="row.seq")
    what = s.CharField()
    due_on = s.DateField(source="row.due_on")
    state = s.ChoiceField(choices=["open", "reported", "missed", "confirmed"])


class FileRow(s.Serializer):
    """One file of the merchant; it lies with the papers of the case this came from."""

    paper = s.UUIDField()
    name = s.CharField()
    fact = s.IntegerField(allow_null=True, help_text="The number of the fact it is evidence for.")
    standing = s.CharField(source="standing.code")
    at = s.DateTimeField()


class LongerRow(s.Serializer):
    """One later last day that was put to both sides."""

    until = s.DateField()
    outcome = s.CharField(help_text="Empty while it waits for both.")


class ColleagueRow(s.Serializer):
    """One colleague of the merchant, by the number under which the events name them."""

    number = s.IntegerField()
    may_sign = s.BooleanField()


class MediationWhole(shapes.CaseWhole):
    """One mediation. What stands beside its columns, from `offers` on, is there for whoever may read words, and null for others."""

    form = s.ChoiceField(choices=Form.values)
    body = s.CharField()
    origin = s.CharField(source="origin.number")
    turn = s.CharField(allow_null=True, help_text="The side that answers the standing offer; empty where nobody does.")
    offers = OfferRow(many=True, allow_null=True)
    agreement = AgreementRow(allow_null=True)
    promises = PromiseRow(many=True, allow_null=True)
    files = FileRow(many=True, allow_null=True)
    longer_periods = LongerRow(many=True, allow_null=True)
    colleagues = ColleagueRow(many=True, allow_null=True)


class Mediations(OfKind):
    kind = "mediation"
    query = shapes.CaseFilter

    @extend_schema(responses={200: shapes.CasePage})
    def get(self, request: Request) -> Response:
        """List the mediations the asker may see, newest first, people masked."""
        return self.listed()


class OneMediation(OfKind):
    kind = "mediation"

    @extend_schema(responses={200: MediationWhole})
    def get(self, request: Request, number: str) -> Response:
        """One mediation; offers and agreement only for whoever may read words."""
        case = self.one(request, number)
        reads = queries.may_read_words(self, case)
        return Response(MediationWhole(_with_talks(case, self.actor, now=self.now, reads=reads)).data)


def _with_talks(case: Mediation, actor: Actor, *, now: Any, reads: bool) -> _Beside:
    """The case with what stands beside its columns, or nulls."""
    talks = shown.talks_of(case, actor, now=now) if reads else {}
    beside: dict[str, Any] = {
        "turn": talks.get("turn"),
        "offers": talks.get("offers"),
        "agreement": shown.written(case) if reads else None,
        "promises": shown.kept(case, now=now) if reads else None,
        "files": files.handed_in(case) if reads else None,
        "longer_periods": list(case.longer_periods.order_by("proposed_at", "id")) if reads else None,
        "colleagues": list(colleagues_of(case)) if reads else None,
    }
    return _Beside(case, beside)


class _Beside:
    """A case and what is shown beside its columns, under one roof: the names of rows would hide the related managers."""

    def __init__(self, case: Mediation, beside: dict[str, Any]) -> None:
        self._case, self._beside = case, beside

    def __getattr__(self, name: str) -> Any:
        return self._beside[name] if name in self._beside else getattr(self._case, name)
