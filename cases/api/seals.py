"""The ledger for people who check it: entries, signed heads, and proofs that anybody can recompute. No personal data is in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, shapes
from cases.api.scopes import VERIFY
from cases.models import Case
from cases.queries import sight_of
from jike import ledger
from jike.api.cursors import decode, page, place_number
from jike.api.views import Endpoint
from jike.base.actors import Actor
from jike.base.errors import Blocker, Refused
from jike.ledger import proofs
from jike.ledger.models import Entry, Head, Leaf
from jike.ledger.tree import leaf_hash


class Heads(Endpoint):
    query = shapes.Paged
    scopes = ("ledger.read",)

    @extend_schema(responses={200: shapes.HeadPage})
    def get(self, request: Request) -> Response:
        """The signed heads of the tree over all entries, newest first. Keep them: later ones must continue them."""
        heads, limit = Head.objects.select_related("stamp").order_by("-size"), self.asked["limit"]
        if "cursor" in self.asked:
            heads = heads.filter(size__lt=place_number(decode(self.asked["cursor"])))
        shown, following = page([_head(head) for head in heads[: limit + 1]], limit, lambda row: str(row["size"]))
        return Response(shapes.HeadPage({"results": shown, "next": following}).data)


class Entries(Endpoint):
    query = shapes.EntryQuery
    scopes = ("ledger.read",)

    @extend_schema(responses={200: shapes.EntryPage})
    def get(self, request: Request) -> Response:
        """The seals of one case, oldest first; without a case, for auditors, every sealed entry in the order of the tree."""
        limit = self.asked["limit"]
        place = place_number(decode(self.asked["cursor"])) if "cursor" in self.asked else 0
        if "case" in self.asked:
            case = queries.case_to_verify(self, self.asked["case"])
            rows = _of_case(case, after=place, limit=limit + 1)
            shown, following = page(rows, limit, lambda row: str(row["seq"]))
        else:
            _refuse_strangers(self.actor)
            rows = [_row(entry, leaf) for leaf, entry in proofs.sealed_entries(start=place, limit=limit + 1)]
            shown, following = page(rows, limit, lambda row: str(row["position"] + 1))
        return Response(shapes.EntryPage({"results": shown, "next": following}).data)


class Inclusion(Endpoint):
    query = shapes.InclusionQuery
    scopes = ("ledger.read",)

    @extend_schema(responses={200: shapes.InclusionRow})
    def get(self, request: Request) -> Response:
        """Prove that an entry is under a signed head. 404 while it waits; sealing takes about a minute."""
        entry = _entry_for(self.actor, self.asked["entry"])
        try:
            return Response(shapes.InclusionRow(proofs.proof_of(entry.pk, size=self.asked.get("size"))).data)
        except proofs.NotSealed:
            raise Http404 from None


class Consistency(Endpoint):
    query = shapes.ConsistencyQuery
    scopes = ("ledger.read",)

    @extend_schema(responses={200: shapes.ConsistencyRow})
    def get(self, request: Request) -> Response:
        """Prove that a later head continues an earlier one."""
        sizes = self.asked["first"], self.asked["second"]
        if sizes[0] > sizes[1]:
            message = _("The later head must not be smaller than the earlier one.")
            raise Refused([Blocker("second.too_small", message, field="second")])
        heads = Head.objects.select_related("stamp").in_bulk(sizes)
        if len(heads) != len(set(sizes)):
            raise Http404
        first, second = heads[sizes[0]], heads[sizes[1]]
        path = [step.hex() for step in proofs.consistency_of(first, second)]
        return Response(shapes.ConsistencyRow({"first": _head(first), "second": _head(second), "path": path}).data)


class Proof(Endpoint):
    scopes = ("ledger.read",)

    @extend_schema(responses={200: shapes.ProofRow})
    def get(self, request: Request, number: str) -> Response:
        """Recompute the chain of one case and say whether it is whole."""
        case = queries.case_to_verify(self, number)
        head = Entry.objects.filter(subject=case.pk).order_by("-seq").first()
        breaches = [breach.kind for breach in ledger.verify([case.pk])]
        content = {
            "number": case.number,
            "length": head.seq if head else 0,
            "head": bytes(head.mac).hex() if head else "",
            "intact": not breaches,
            "breaches": breaches,
        }
        return Response(shapes.ProofRow(content).data)


def _refuse_strangers(actor: Actor) -> None:
    if not actor.can(VERIFY):
        message = _("Your role may check the seals of cases it sees. Name the case.")
        raise Refused([Blocker("actor.no_power", message)], verb=VERIFY)


def _entry_for(actor: Actor, pk: UUID) -> Entry:
    """The entry, for an auditor or for somebody who sees its case. Else 404."""
    entry = Entry.objects.filter(pk=pk).first()
    if entry is None:
        raise Http404
    if not actor.can(VERIFY):
        case = Case.objects.filter(pk=entry.subject).first()
        if case is None or sight_of(case, actor) is None:
            raise Http404
    return entry


def _of_case(case: Case, *, after: int, limit: int) -> list[dict[str, Any]]:
    entries = list(Entry.objects.filter(subject=case.pk, seq__gt=after).order_by("seq")[:limit])
    leaves = {leaf.entry: leaf for leaf in Leaf.objects.filter(entry__in=[entry.pk for entry in entries])}
    return [_row(entry, leaves.get(entry.pk)) for entry in entries]


def _row(entry: Entry, leaf: Leaf | None) -> dict[str, Any]:
    hashes = {name: bytes(getattr(entry, name)).hex() for name in ("digest", "previous", "mac")}
    content = entry.leaf()
    return {
        "id": entry.pk,
        "seq": entry.seq,
        "topic": entry.topic,
        "at": entry.at,
        "key_version": entry.key_version,
        "position": leaf.position if leaf else None,
        "leaf": content.decode(),
        "hash": leaf_hash(content).hex(),
        **hashes,
    }


def _head(head: Head) -> dict[str, Any]:
    stamp = getattr(head, "stamp", None)
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "at": head.at,
        "stamped_at": stamp.at if stamp else None,
        **proofs.signed_head(head),
    }
