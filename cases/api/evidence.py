"""Papers of a case through the API: what there is, the register of evidence, custody, and one more paper as multipart/form-data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from cases.evidence.custody import Act
from cases.evidence.models import Description
from cases.evidence.queries import GAPS, Row, custody_for, lock_of, register_of
from jike.api.errors import malformed
from jike.api.idempotency import once
from jike.api.views import read
from jike.files.receiving import receive_in_memory
from jike.ledger.models import Entry
from jike.privacy import open_sealed


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


class ItemRow(s.Serializer):
    """One item of the register. `id` is that of its paper; words are null for a key without the scope cases.words."""

    id = s.UUIDField()
    number = s.CharField(help_text="1, 2, 3 …; what came after the lock has a letter: 12A.")
    evidence_class = s.ChoiceField(
        choices=["", *Description.Class.values], help_text="By CPL art 66; empty while nobody said it."
    )
    title = s.CharField(allow_null=True)
    source = s.CharField(allow_null=True)
    proves = s.CharField(allow_null=True, help_text="Object of proof (证明对象).")
    summary = s.CharField(allow_null=True)
    page_from = s.IntegerField(allow_null=True)
    page_to = s.IntegerField(allow_null=True)
    form = s.ChoiceField(choices=["", *Description.Form.values], help_text="Empty: not said yet.")
    sha256 = s.CharField()
    sm3 = s.CharField(help_text="Empty for a file from before it was kept.")
    captured_at = s.DateTimeField()
    captured_by = s.CharField(help_text="Kind of actor.")
    captured_how = s.ChoiceField(choices=Attachment.Capture.values)
    device = s.CharField(allow_null=True)
    gaps = s.ListField(
        child=s.ChoiceField(choices=list(GAPS)), help_text="What is missing before it can go to a court."
    )
    superseded = s.BooleanField()
    superseded_by = s.CharField(help_text="Number of what took its place, if anything did.")


class Register(s.Serializer):
    locked_at = s.DateTimeField(allow_null=True)
    items = ItemRow(many=True)


class PaperList(s.Serializer):
    results = PaperRow(many=True)
    register = Register()


class CustodyRow(s.Serializer):
    seq = s.IntegerField()
    act = s.ChoiceField(choices=Act.values)
    actor = s.CharField(help_text="Kind of actor.")
    who = s.CharField()
    at = s.DateTimeField()
    reason = s.CharField(allow_null=True, help_text="null for a key without the scope cases.words.")
    entry = s.UUIDField(
        allow_null=True, help_text="Its entry in the ledger; ask ledger/proofs/inclusion/ for the proof."
    )


class CustodyList(s.Serializer):
    results = CustodyRow(many=True)


class Evidence(CaseEndpoint):
    rule = "cases.read, or complaints.attach to add"
    parser_classes = (MultiPartParser,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Before anything reads the form: nothing people send us lies unsealed on a disk."""
        receive_in_memory(request)
        return super().dispatch(request, *args, **kwargs)

    @extend_schema(responses={200: PaperList})
    def get(self, request: Request, number: str) -> Response:
        """The papers of a case with their hashes and the register of evidence made of them, for whoever sees the whole case."""
        case = queries.case_of(self, number)
        reads = queries.may_read_words(self, case)
        rows = [{**_shown(paper), "name": paper.name if reads else None} for paper in papers_of(case, self.actor)]
        lock = lock_of(case)
        items = [_item(row, reads=reads) for row in register_of(case, self.actor)]
        register = {"locked_at": lock.locked_at if lock else None, "items": items}
        return Response(PaperList({"results": rows, "register": register}).data)

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


class OneCustody(CaseEndpoint):
    @extend_schema(responses={200: CustodyList})
    def get(self, request: Request, number: str, pk: UUID) -> Response:
        """Who had the original of a paper in hands, in order; each row is sealed in a chain of the paper's own."""
        case = queries.case_of(self, number)
        reads = queries.may_read_words(self, case)
        paper, handlings = custody_for(case, self.actor, pk)
        entries = dict(Entry.objects.filter(subject=paper.pk).values_list("source_id", "pk"))
        rows = [
            {
                "seq": one.seq,
                "act": one.act,
                "actor": one.row.actor_kind,
                "who": one.who,
                "at": one.at,
                "reason": one.reason if reads else None,
                "entry": entries.get(one.row.pk),
            }
            for one in handlings
        ]
        return Response(CustodyList({"results": rows}).data)


def _item(row: Row, *, reads: bool) -> dict[str, Any]:
    words = {name: getattr(row, name) if reads else None for name in ("title", "source", "proves", "summary")}
    said = {name: getattr(row.words, name) for name in ("evidence_class", "page_from", "page_to", "form")}
    return {
        "id": row.item.pk,
        "number": row.label,
        **words,
        **said,
        "sha256": row.sha256,
        "sm3": row.sm3,
        "captured_at": row.paper.created_at,
        "captured_by": row.paper.added_by_kind,
        "captured_how": row.paper.captured,
        "device": open_sealed(row.paper, "device") if reads else None,
        "gaps": row.gaps,
        "superseded": row.superseded,
        "superseded_by": row.superseded_by,
    }


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
