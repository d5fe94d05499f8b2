"""The stop of a loan and its lifting undo one another, so the core system hears of them in the order in which they were decided.

Source: house orders.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from lending.orders.models import Order

_OPPOSITE = {Order.Kind.SUPPRESS.value: Order.Kind.RELEASE.value, Order.Kind.RELEASE.value: Order.Kind.SUPPRESS.value}


def has_to_wait(order: Order) -> bool:
    """Whether an earlier order of the opposite has not ended: it may still be on its way and must not arrive after this one."""
    return _opposites(order).filter(_before(order), ended_at=None).exists()


def is_outdated(order: Order) -> bool:
    """Whether the opposite was ordered since: an order that never arrived is not sent any more."""
    return _opposites(order).exclude(_before(order)).exists()


def is_stopped(loan: UUID | None) -> bool:
    """Whether the last that was ordered about the loan is the stop, and not its lifting."""
    found = Order.objects.filter(loan=loan, kind__in=_OPPOSITE).order_by("-ordered_at", "-pk").first()
    return found is not None and found.kind == Order.Kind.SUPPRESS


def _opposites(order: Order) -> QuerySet[Order]:
    kind = _OPPOSITE.get(order.kind)
    return Order.objects.filter(loan=order.loan_id, kind=kind) if kind else Order.objects.none()


def _before(order: Order) -> Q:
    return Q(ordered_at__lt=order.ordered_at) | Q(ordered_at=order.ordered_at, pk__lt=order.pk)
