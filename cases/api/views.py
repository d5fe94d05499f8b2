"""The endpoints of cases: fetch by a door, shape, one act through the registry."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import inputs, queries, scopes, shapes
from cases.clocks import ledger as clocks
from cases.forms import form_of
from cases.models import Case
from cases.queries import timeline_of
from jike.api.cursors import decode, page, place_number
from jike.api.errors import malformed
from jike.api.idempotency import once
from jike.api.views import Endpoint
from jike.verbs import Verb, verb_named, verbs_of


class CaseEndpoint(Endpoint):
    """Every address about cases. Kinds register late: the scopes are asked at each request."""

    rule = "cases.read"

    @property
    def needed(self) -> tuple[str, ...]:
        return scopes.read_scopes()


class Cases(CaseEndpoint):
    query = shapes.CaseFilter

    @extend_schema(responses={200: shapes.CasePage})
    def get(self, request: Request) -> Response:
        """List the cases the asker may see, newest first, people masked."""
        return Response(shapes.CasePage(queries.page_of_cases(self, self.asked)).data)


class OneCase(CaseEndpoint):
    @extend_schema(responses={200: shapes.CaseWhole})
    def get(self, request: Request, number: str) -> Response:
        """One case; what people wrote only with full sight."""
        return Response(shapes.CaseWhole(queries.whole(self, queries.case_of(self, number))).data)


class Events(CaseEndpoint):
    query = shapes.Paged

    @extend_schema(responses={200: shapes.EventPage})
    def get(self, request: Request, number: str) -> Response:
        """What happened to a case, oldest first."""
        case = queries.case_of(self, number)
        events, limit = timeline_of(case, self.actor), self.asked["limit"]
        if "cursor" in self.asked:
            events = events.filter(seq__gt=place_number(decode(self.asked["cursor"])))
        shown, following = page(list(events[: limit + 1]), limit, lambda event: str(event.seq))
        for event in shown:
            event.label = verb_named(event.verb).label
        return Response(shapes.EventPage({"results": shown, "next": following}).data)


class Clocks(CaseEndpoint):
    @extend_schema(responses={200: shapes.ClockList})
    def get(self, request: Request, number: str) -> Response:
        """Every clock of a case with its arithmetic."""
        case = queries.case_of(self, number)
        return Response(shapes.ClockList({"results": clocks.explain(case)}).data)


class Messages(CaseEndpoint):
    @extend_schema(responses={200: shapes.MessageList})
    def get(self, request: Request, number: str) -> Response:
        """What was said to and by the consumer, with the proof of sending."""
        case = queries.case_of(self, number)
        return Response(shapes.MessageList({"results": queries.messages_of(self, case)}).data)


class Verbs(CaseEndpoint):
    @extend_schema(responses={200: shapes.VerbList})
    def get(self, request: Request, number: str) -> Response:
        """What may be done now, and of everything else every reason why not."""
        case = queries.case_of(self, number)
        rows = [self._row(case, verb) for verb in verbs_of(type(case)) if verb.by_hand]
        return Response(shapes.VerbList({"version": case.version, "results": rows}).data)

    def _row(self, case: Case, verb: Verb) -> dict[str, Any]:
        reasons = [blocker.as_dict() for blocker in verb.why_not(case, self.actor, now=self.now)]
        fields = form_of(verb.name)(case=case, actor=self.actor).fields
        return {
            "verb": verb.short_name,
            "name": verb.name,
            "label": verb.label,
            "possible": not reasons,
            "blockers": reasons,
            "input": inputs.schema_of(fields),
        }


class DoVerb(CaseEndpoint):
    rule = "cases.read and the verb"

    @extend_schema(request=dict, responses={200: shapes.CaseHead})
    def post(self, request: Request, number: str, verb: str) -> Response:
        """Do it. Answers the case as it is afterwards."""
        case = queries.case_of(self, number)
        chosen = _verb_of(case, verb)
        return once(request, self.now, lambda key: self._done(case, chosen, dict(request.data), key))

    def _done(self, case: Case, verb: Verb, body: dict[str, Any], key: str) -> Response:
        version = body.pop("version", None)
        if version is not None and not inputs.is_whole(version):
            raise malformed("version", "wrong_type", inputs.wrong_type())
        form = inputs.bound(form_of(verb.name), body, case=case, actor=self.actor)
        row = verb.action(
            case,
            actor=self.actor,
            now=self.now,
            key=key,
            version=None if version is None else int(version),
            **form.inputs(),
        )
        return Response(shapes.CaseHead(row).data)


def _verb_of(case: Case, short_name: str) -> Verb:
    for verb in verbs_of(type(case)):
        if verb.short_name == short_name and verb.by_hand:
            return verb
    raise Http404
