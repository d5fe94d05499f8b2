"""Returns and loans over the API: lists, one return with its legs and books, one loan with the last moment of its return."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from cases.api.scopes import SIGHT
from cases.api.views import CaseEndpoint
from cases.models import Case
from cases.queries import NotVisible, cases_listed_for
from jike.api.cursors import decode, page
from jike.api.idempotency import once
from jike.api.scopes import Scope, offer
from jike.api.views import Endpoint, read
from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused
from jike.base.money import from_cents
from lending.api import LoanTold, Taken, tell_loan
from lending.loans.actions import IMPORT
from lending.models import Loan
from refunds.actions import request_return
from refunds.facts import OfLoan
from refunds.models import Refund
from refunds.queries import consumer_cost, loan_to_return
from refunds.rules.asking import BACKDATED_FOR, CONFIRMED_BY, REQUEST

LOANS = "loans.read"


@offer
def _of_loans() -> list[Scope]:
    return [Scope(LOANS, _("Read loans of cases"), SIGHT)]


class LegRow(s.Serializer):
    """One leg. `order` is the core system's own number of it; no account is shown."""

    seq = s.IntegerField()
    key = s.CharField()
    kind = s.CharField()
    payer = s.CharField()
    receiver = s.CharField()
    amount_cny = s.DecimalField(max_digits=18, decimal_places=2, source="amount")
    unit = s.CharField()
    state = s.CharField()
    by_hand = s.BooleanField()
    route = s.CharField()
    attempt = s.IntegerField()
    order = s.CharField(source="order.external_id", allow_null=True, default=None)
    ended_at = s.DateTimeField(allow_null=True)


class ReasonRow(s.Serializer):
    code = s.CharField()
    message = s.CharField()
    source = s.CharField(allow_blank=True)


class ScreeningRow(s.Serializer):
    """What one check found, with every reason."""

    seq = s.IntegerField()
    outcome = s.CharField()
    is_automatic = s.BooleanField()
    reasons = ReasonRow(many=True)
    review = ReasonRow(many=True)
    screened_at = s.DateTimeField()


class ReturnWhole(shapes.CaseWhole):
    """One return. Legs, checks and books are there for whoever sees the whole case."""

    loan = s.CharField(source="loan.number")
    basis = s.CharField()
    refusal_code = s.CharField()
    to_consumer_cny = s.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    consumer_cost_cny = s.DecimalField(
        max_digits=18, decimal_places=2, allow_null=True, help_text="What the loan costs the consumer after the return."
    )
    legs = LegRow(many=True, source="leg_rows")
    screenings = ScreeningRow(many=True, source="screening_rows")


class LoanRow(s.Serializer):
    """One loan of a case. The borrower appears as a mask."""

    number = s.CharField()
    state = s.CharField()
    service_state = s.CharField()
    principal_cny = s.DecimalField(max_digits=18, decimal_places=2)
    term_months = s.IntegerField()
    disbursed_at = s.DateTimeField()
    borrower = s.CharField(source="person.name_mask")
    merchant = shapes.MerchantHead(allow_null=True)
    funder = s.CharField(source="funder.name")


class LoanPage(s.Serializer):
    results = LoanRow(many=True)
    next = s.CharField(allow_null=True)


class LoanWhole(LoanRow):
    """`return_until` is the last second of the free return, null where no money arrived; `returns` are the numbers of its returns."""

    return_until = s.DateTimeField(allow_null=True)
    returns = s.ListField(child=s.CharField(), source="return_numbers")


class Asking(s.Serializer):
    """A request that reached the house in another channel. `evidence` names the writing or the recorded call."""

    loan = s.RegexField(r"^[A-Za-z0-9-]{1,40}$", max_length=40, help_text="The loan's number.")
    evidence = s.RegexField(r"\S", max_length=2_000)
    channel = s.ChoiceField(choices=Case.Channel.values, required=False, default=Case.Channel.PHONE.value)
    received_at = s.DateTimeField(required=False, help_text="When it was first asked for in any channel.")
    consumer_says = s.ChoiceField(choices=["none", "partly", "served"], required=False, default="none")
    confirmed_by = s.ChoiceField(
        choices=CONFIRMED_BY, required=False, default="recording", help_text="How it is known that it was the borrower."
    )
    backdated = s.ChoiceField(
        choices=BACKDATED_FOR,
        required=False,
        default="",
        help_text="Needed where it is keyed over 30 minutes after it was said.",
    )
    backdated_note = s.CharField(max_length=500, required=False, default="", allow_blank=True)


class Refunds(CaseEndpoint):
    query = shapes.CaseFilter
    rule = "cases.read, or refunds.request to ask"

    @property
    def needed(self) -> tuple[str, ...]:
        return (REQUEST, "refunds.*") if self.request.method == "POST" else super().needed

    @extend_schema(responses={200: shapes.CasePage})
    def get(self, request: Request) -> Response:
        """List the returns the asker may see, newest first, people masked."""
        return Response(shapes.CasePage(queries.page_of_cases(self, self.asked, kind="refund")).data)

    @extend_schema(request=Asking, responses={201: shapes.Filed})
    def post(self, request: Request) -> Response:
        """Take a request to return a loan. Collection is stopped at once; the consumer gets the receipt code."""
        return once(request, self.now, lambda key: self._taken(read(Asking, request.data), key))

    def _taken(self, given: dict[str, Any], key: str) -> Response:
        try:
            loan = loan_to_return(self.actor, given.pop("loan"))
        except NotVisible:
            unknown = Blocker("loan.unknown", gettext("No loan has this number."), field="loan")
            raise Refused([unknown], verb=REQUEST) from None
        case = request_return(actor=self.actor, now=self.now, key=key, loan=loan, **given)
        address = reverse("api:refund", kwargs={"number": case.number})
        return Response(shapes.Filed(case).data, status=201, headers={"Location": address})


class OneRefund(CaseEndpoint):
    @extend_schema(responses={200: ReturnWhole})
    def get(self, request: Request, number: str) -> Response:
        """One return with its legs, checks and what it costs the consumer."""
        case = queries.case_of(self, number, kind="refund")
        assert isinstance(case, Refund)
        return Response(ReturnWhole(_shown(queries.whole(self, case))).data)


def _shown(case: Any) -> Any:
    sees_all = case.sight == "full"
    case.leg_rows = case.known_legs if sees_all else []
    case.screening_rows = case.known_screenings if sees_all else []
    is_booked = sees_all and case.to_consumer_cents is not None
    case.to_consumer_cny = from_cents(case.to_consumer_cents) if is_booked else None
    case.consumer_cost_cny = consumer_cost(case) if is_booked else None
    return case


class Loans(Endpoint):
    query = shapes.Paged
    rule = f"{LOANS}, or {IMPORT} to tell one"

    @property
    def needed(self) -> tuple[str, ...]:
        return (IMPORT,) if self.request.method == "POST" else (LOANS,)

    @extend_schema(request=LoanTold, responses={200: Taken, 201: Taken})
    def post(self, request: Request) -> Response:
        """Tell a loan as it stands. The same again changes nothing; a later document adds; one that contradicts is refused by name."""
        return tell_loan(self, request)

    @extend_schema(responses={200: LoanPage})
    def get(self, request: Request) -> Response:
        """Loans of the cases the asker may see, by their number."""
        loans, limit = _loans_of(self.actor), self.asked["limit"]
        if "cursor" in self.asked:
            loans = loans.filter(number__gt=decode(self.asked["cursor"]))
        shown, following = page(list(loans[: limit + 1]), limit, lambda loan: loan.number)
        return Response(LoanPage({"results": shown, "next": following}).data)


class OneLoan(Endpoint):
    scopes = (LOANS,)

    @extend_schema(responses={200: LoanWhole})
    def get(self, request: Request, loan: str) -> Response:
        """One loan, with the last moment in which it may be returned for nothing."""
        found = _loans_of(self.actor).filter(number=loan).first()
        if found is None:
            raise NotVisible(loan)
        return Response(LoanWhole(_with_return(found, self.actor)).data)


def _loans_of(actor: Actor) -> QuerySet[Loan]:
    listed = cases_listed_for(actor).filter(loan__isnull=False).values("loan_id")
    return Loan.objects.filter(pk__in=listed).select_related("person", "merchant", "funder", "terms").order_by("number")


def _with_return(loan: Any, actor: Actor) -> Any:
    until: datetime | None = OfLoan(loan).last_moment
    loan.return_until = until
    seen = cases_listed_for(actor).filter(kind="refund", loan=loan).order_by("registered_at")
    loan.return_numbers = list(seen.values_list("number", flat=True))
    return loan
