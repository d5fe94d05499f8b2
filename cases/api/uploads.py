"""Large recordings through the API: begun, sent in pieces, continued after any interruption, joined by a worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries
from cases.api.views import CaseEndpoint
from cases.attachments import pieces, uploading
from cases.attachments.adding import attach_verb
from cases.attachments.models import Attachment, Upload
from cases.models import Case
from cases.queries import NotVisible, sight_of
from jike.api.idempotency import once
from jike.api.views import read
from jike.base.errors import refuse_if
from jike.files.receiving import PIECE_TYPE


class Piece(BaseParser):
    """A piece is read by whoever seals it, never by a parser."""

    media_type = PIECE_TYPE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {}


class UploadGiven(s.Serializer):
    """Name and size of the whole; its hash, if it is known, is compared when all pieces are here."""

    name = s.CharField(max_length=1_000, trim_whitespace=False)
    size = s.IntegerField(min_value=1)
    about = s.ChoiceField(choices=Attachment.About.values, required=False, default=Attachment.About.EVIDENCE.value)
    sha256 = s.RegexField("^[0-9a-f]{64}$", required=False)


class UploadRow(s.Serializer):
    id = s.UUIDField()
    state = s.ChoiceField(choices=Upload.State.values)
    offset = s.IntegerField(help_text="Where the next piece begins.")
    size = s.IntegerField()
    piece = s.IntegerField(help_text="How many bytes one piece may have.")
    evidence = s.UUIDField(allow_null=True, help_text="The paper it became.")
    reason = s.CharField(allow_blank=True, help_text="Why it ended without one.")


class Uploads(CaseEndpoint):
    rule = "complaints.attach"

    @extend_schema(request=UploadGiven, responses={201: UploadRow})
    def post(self, request: Request, number: str) -> Response:
        """Begin an upload in pieces."""
        case = _whole_case(self, number)
        verb = attach_verb(case)
        refuse_if(verb.why_not(case, self.actor, now=self.now), verb=verb.name)
        given = read(UploadGiven, dict(request.data))
        words = {"about": given["about"], "device": request.headers.get("User-Agent", "")}
        words["sha256"] = bytes.fromhex(given["sha256"]) if "sha256" in given else None

        def act(key: str) -> Response:
            upload = uploading.begin(
                case.pk, name=given["name"], size=given["size"], actor=self.actor, now=self.now, **words
            )
            return Response(UploadRow(pieces.told(upload)).data, status=201)

        return once(request, self.now, act)


class OneUpload(CaseEndpoint):
    rule = "complaints.attach"
    parser_classes = (Piece,)

    @extend_schema(responses={200: UploadRow})
    def get(self, request: Request, number: str, pk: UUID) -> Response:
        """Where to go on, and how it ended."""
        return self._told(self._upload(number, pk))

    @extend_schema(
        request={PIECE_TYPE: {"type": "string", "format": "binary"}},
        parameters=[
            OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Upload-Checksum", str, OpenApiParameter.HEADER, description="sha256 and its base64"),
        ],
        responses={200: UploadRow},
    )
    def patch(self, request: Request, number: str, pk: UUID) -> Response:
        """Send the piece that begins at `Upload-Offset`. The same piece again changes nothing."""
        return self._told(pieces.appended(request._request, self._upload(number, pk)))

    @extend_schema(request=None, responses={202: UploadRow})
    def put(self, request: Request, number: str, pk: UUID) -> Response:
        """Say that everything is here. A worker joins the pieces; the paper is named when it has."""
        return self._told(uploading.complete(self._upload(number, pk), now=self.now), status=202)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: str, pk: UUID) -> Response:
        """Give the upload up. Nothing of it can be read any more."""
        uploading.drop(self._upload(number, pk), now=self.now)
        return Response(status=204)

    def _upload(self, number: str, pk: UUID) -> Upload:
        return pieces.upload_of(_whole_case(self, number).pk, self.actor, pk)

    def _told(self, upload: Upload, status: int = 200) -> Response:
        row = pieces.told(upload)
        return Response(UploadRow(row).data, status=status, headers={"Upload-Offset": row["offset"]})


def _whole_case(view: CaseEndpoint, number: str) -> Case:
    case = queries.case_of(view, number)
    if sight_of(case, view.actor) != "full":
        raise NotVisible(number)
    return case
