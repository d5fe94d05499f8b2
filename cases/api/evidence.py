"""Papers of a case through the API: what there is, and one more, sent as multipart/form-data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers as s
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries
from cases.api.views import CaseEndpoint
from cases.attachments.adding import add_sealed, seal_for
from cases.attachments.models import Attachment
from cases.attachments.queries import papers_of
from cases.attachments.standing import CODES
from jike.api.errors import malformed
from jike.api.idempotency import once
from jike.api.views import read
from jike.files.receiving import receive_in_memory


@extend_schema_field({"type": "string", "format": "binary", "minLength": 1})
class PaperField(s.FileField):
    """A file with something in it; an empty one is refused like any other that is no paper."""


class PaperGiven(s.Serializer):
    """One photo, document, message or short recording of at most 20 MB; larger ones come in pieces. Its name is that of the file."""

    file = PaperField(allow_empty_file=True)
    about = s.ChoiceField(choices=Attachment.About.values, required=False, default=Attachment.About.EVIDENCE.value)


class PaperRow(s.Serializer):
    id = s.UUIDField()
    name = s.CharField(allow_null=True, help_text="null for a key without the scope cases.words.")
    size = s.IntegerField()
    sha256 = s.CharField()
    at = s.DateTimeField()
    standing = s.ChoiceField(
        choices=CODES, help_text="waiting and unscanned are not judged yet; only accepted and released papers are used."
    )
    reasons = s.ListField(child=s.CharField(), help_text="Why it is refused or held, with the remedy.")
    kind = s.CharField(help_text="What it is by its content; empty while it waits.")
    pages = s.IntegerField(allow_null=True)


class PaperList(s.Serializer):
    results = PaperRow(many=True)


class Evidence(CaseEndpoint):
    rule = "cases.read, or complaints.attach to add"
    parser_classes = (MultiPartParser,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Before anything reads the form: nothing people send us lies unsealed on a disk."""
        receive_in_memory(request)
        return super().dispatch(request, *args, **kwargs)

    @extend_schema(responses={200: PaperList})
    def get(self, request: Request, number: str) -> Response:
        """The papers of a case with their hashes, for whoever sees the whole case."""
        case = queries.case_of(self, number)
        reads = queries.may_read_words(self, case)
        rows = [{**_shown(paper), "name": paper.name if reads else None} for paper in papers_of(case, self.actor)]
        return Response(PaperList({"results": rows}).data)

    @extend_schema(request=PaperGiven, responses={201: PaperRow})
    def post(self, request: Request, number: str) -> Response:
        """Add a paper. The same file again is the same paper; its hash is sealed in the ledger of the case."""
        case = queries.case_of(self, number)
        given = read(PaperGiven, _sent_once(request))
        upload, about = given["file"], given["about"]
        file = seal_for(case, upload, actor=self.actor, now=self.now)
        content = {"sha256": upload.sha256.hex(), "name": upload.given_name, "about": about}

        def act(key: str) -> Response:
            words = {"name": upload.given_name, "about": about, "device": upload.device}
            paper = add_sealed(case, file, actor=self.actor, now=self.now, key=key, **words)
            (shown,) = [row for row in papers_of(case, self.actor) if row.id == paper.pk]
            return Response(PaperRow(_shown(shown)).data, status=201)

        return once(request, self.now, act, content=content)


def _shown(paper: Any) -> dict[str, Any]:
    row = {name: getattr(paper, name) for name in ("id", "name", "size", "sha256", "at", "kind", "pages")}
    return row | {"standing": paper.standing.code, "reasons": [str(reason) for reason in paper.standing.reasons]}


def _sent_once(request: Request) -> dict[str, Any]:
    """The parts of the form, each sent once."""
    parts = dict(request.data.lists())
    for name, values in parts.items():
        if len(values) != 1:
            raise malformed(name[:60], "invalid", _("Send this part once."))
    return {name: values[0] for name, values in parts.items()}
