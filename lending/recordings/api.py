"""Recordings over the API: contracts told, recordings set up, uploaded in pieces and judged; and the gate before disbursement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as s
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from jike.api.cursors import LARGEST, decode, page
from jike.api.idempotency import once
from jike.api.scopes import Scope, offer
from jike.api.views import Endpoint, read
from jike.base.errors import Blocker, Refused
from jike.base.money import to_cents
from jike.files.receiving import PIECE_TYPE
from lending.recordings import actions, capture, gate, pieces, queries
from lending.recordings.actions.scheduling import Told
from lending.recordings.models import Contract, Recording
from lending.recordings.records import Permission, RecordingPart
from lending.recordings.states import Answer, Choice, State, words_of

READ, WRITE, PERMIT = "recordings.read", "recordings.write", "disbursements.permit"
WRITERS = frozenset(
    {"lending.tell_contract", "recordings.schedule", "recordings.begin", "recordings.finish", queries.READ}
)


@offer
def _of_recordings() -> list[Scope]:
    return [
        Scope(READ, _("Read recordings of the own unit"), frozenset({queries.READ})),
        Scope(WRITE, _("Tell contracts, set up and upload recordings"), WRITERS),
        Scope(PERMIT, _("Ask whether money may leave"), frozenset({"lending.ask_permission"})),
    ]


class Reason(s.Serializer):
    code = s.CharField()
    message = s.CharField()


class PartRow(s.Serializer):
    id = s.UUIDField()
    number = s.IntegerField()
    state = s.ChoiceField(choices=RecordingPart.State.values)
    offset = s.IntegerField(source="received", help_text="Where the next piece begins.")
    size = s.IntegerField(allow_null=True)
    sha256 = s.SerializerMethodField(allow_null=True)
    sm3 = s.SerializerMethodField(allow_null=True)
    reason = s.CharField(allow_blank=True)

    def get_sha256(self, part: RecordingPart) -> str | None:
        return bytes(part.file_sha256).hex() if part.file_sha256 else None

    def get_sm3(self, part: RecordingPart) -> str | None:
        return bytes(part.file_sm3).hex() if part.file_sm3 else None


class RecordingRow(s.Serializer):
    """One recording. The borrower appears as a mask."""

    id = s.UUIDField()
    application = s.CharField(source="contract.application")
    contract_version = s.IntegerField(source="contract.version")
    state = s.ChoiceField(choices=State.values)
    way = s.ChoiceField(choices=Recording.Way.values)
    borrower = s.CharField(source="contract.person.name_mask")
    script = s.CharField(source="script.code")
    scheduled_at = s.DateTimeField()
    finished_at = s.DateTimeField(allow_null=True)
    judged_at = s.DateTimeField(allow_null=True)
    waits_for_person = s.BooleanField()
    mend_by = s.DateField(source="mend_by_on", allow_null=True)
    keep_until = s.DateField(source="keep_until_on", allow_null=True)


class RecordingPage(s.Serializer):
    results = RecordingRow(many=True)
    next = s.CharField(allow_null=True)


class RecordingWhole(RecordingRow):
    """With its parts and hashes, and every reason it waits or has failed for."""

    flags = s.SerializerMethodField()
    failures = s.SerializerMethodField()
    parts = PartRow(many=True)

    @extend_schema(responses=Reason(many=True))
    def _reasons(self, codes: list[str]) -> list[dict[str, str]]:
        return [{"code": code, "message": str(words_of(code))} for code in codes]

    def get_flags(self, row: Recording) -> list[dict[str, str]]:
        return self._reasons(row.flags)

    def get_failures(self, row: Recording) -> list[dict[str, str]]:
        return self._reasons(row.failures)


class Paged(s.Serializer):
    cursor = s.CharField(required=False, max_length=200)
    limit = s.IntegerField(required=False, default=50, min_value=1, max_value=LARGEST)
    state = s.ChoiceField(choices=State.values, required=False)


class Values(s.Serializer):
    """What is signed, and what is about to be paid out."""

    application = s.RegexField(r"^[A-Za-z0-9-]{1,60}$", max_length=60)
    merchant = s.CharField(max_length=18, required=False, default="", allow_blank=True, help_text="Its credit code.")
    funder = s.CharField(max_length=120)
    principal_cny = s.DecimalField(max_digits=15, decimal_places=2, min_value=Decimal("0.01"))
    term_months = s.IntegerField(min_value=1, max_value=600)
    annual_percent = s.DecimalField(max_digits=9, decimal_places=6, min_value=Decimal(0))


class Setup(Values):
    """A contract about to be signed, and how it is recorded. `student_hit` is what the core system found by itself."""

    name = s.CharField(max_length=60)
    phone = s.CharField(max_length=30)
    id_number = s.CharField(max_length=30, required=False, default="", allow_blank=True)
    terms = s.CharField(max_length=40, required=False, default="", allow_blank=True)
    signing = s.ChoiceField(choices=Contract.Signing.values, required=False, default=Contract.Signing.REMOTE.value)
    student_hit = s.BooleanField(required=False, default=False)
    way = s.ChoiceField(choices=Recording.Way.values, required=False, default=Recording.Way.LINK.value)


class Consented(s.Serializer):
    """What the borrower answered, to the text whose hash is named."""

    choice = s.ChoiceField(choices=[Choice.FACE.value, Choice.VOICE.value])
    text_sha256 = s.RegexField("^[0-9a-f]{64}$")


class PartGiven(s.Serializer):
    size = s.IntegerField(min_value=1)
    sha256 = s.RegexField("^[0-9a-f]{64}$", required=False)


class MarkGiven(s.Serializer):
    part = s.UUIDField()
    number = s.IntegerField(min_value=0, max_value=100)
    began_ms = s.IntegerField(min_value=0, max_value=1 << 30)
    ended_ms = s.IntegerField(min_value=0, max_value=1 << 30)
    answer = s.ChoiceField(choices=Answer.values)


class MarkKept(s.Serializer):
    next = s.IntegerField(allow_null=True, help_text="The sentence that comes next.")


class PermissionRow(s.Serializer):
    """Money may leave until `expires_at`. `why` says so where no recording is asked for."""

    id = s.UUIDField()
    application = s.CharField(source="contract.application")
    contract_version = s.IntegerField(source="contract.version")
    basis = s.ChoiceField(choices=Permission.Basis.values)
    recording = s.UUIDField(source="recording_id", allow_null=True)
    why = s.CharField()
    given_at = s.DateTimeField()
    expires_at = s.DateTimeField()


class Recordings(Endpoint):
    query = Paged
    rule = "recordings.read, or recordings.write to set one up"

    @property
    def needed(self) -> tuple[str, ...]:
        return (WRITE,) if self.request.method == "POST" else (READ, WRITE)

    @extend_schema(responses={200: RecordingPage})
    def get(self, request: Request) -> Response:
        """Recordings of the own unit, newest first."""
        rows, limit = queries.recordings_visible_to(self.actor).order_by("-pk"), self.asked["limit"]
        if "state" in self.asked:
            rows = rows.filter(state=self.asked["state"])
        if "cursor" in self.asked:
            rows = rows.filter(pk__lt=_place(self.asked["cursor"]))
        shown, following = page(list(rows[: limit + 1]), limit, lambda row: str(row.pk))
        return Response(RecordingPage({"results": shown, "next": following}).data)

    @extend_schema(request=Setup, responses={201: RecordingWhole})
    def post(self, request: Request) -> Response:
        """Tell a contract and set up its recording; on the borrower's phone the link leaves at once."""
        return once(request, self.now, lambda key: self._set_up(read(Setup, request.data), key))

    def _set_up(self, given: dict[str, Any], key: str) -> Response:
        way, cents = given.pop("way"), to_cents(given.pop("principal_cny"))
        try:
            contract = actions.tell_contract(Told(principal_cents=cents, **given), actor=self.actor, now=self.now)
        except ValueError as error:
            raise Refused(
                [Blocker("person.malformed", str(error), field="phone")], verb="lending.tell_contract"
            ) from None
        row = actions.schedule_recording(actor=self.actor, now=self.now, key=key, contract=contract, way=way)
        address = reverse("api:recording", args=[row.pk])
        return Response(RecordingWhole(row).data, status=201, headers={"Location": address})


def _place(cursor: str) -> UUID:
    place = decode(cursor)
    try:
        return UUID(place)
    except ValueError:
        return UUID(int=0)


class OfRecording(Endpoint):
    """What concerns one recording of the own unit."""

    scopes = (WRITE,)

    def recording(self, pk: UUID) -> Recording:
        return queries.recording_for(self.actor, pk)


class OneRecording(OfRecording):
    scopes = (READ, WRITE)

    @extend_schema(responses={200: RecordingWhole})
    def get(self, request: Request, pk: UUID) -> Response:
        """One recording with its parts, and every reason it waits or has failed for."""
        return Response(RecordingWhole(self.recording(pk)).data)


class Consents(OfRecording):
    @extend_schema(request=Consented, responses={201: RecordingWhole})
    def post(self, request: Request, pk: UUID) -> Response:
        """The borrower's separate consent, before any piece is taken."""
        row = self.recording(pk)

        def act(key: str) -> Response:
            given = read(Consented, request.data)
            done = actions.begin_recording(row, actor=self.actor, now=self.now, key=key, **given)
            return Response(RecordingWhole(done).data, status=201)

        return once(request, self.now, act)


class Parts(OfRecording):
    @extend_schema(request=PartGiven, responses={201: PartRow})
    def post(self, request: Request, pk: UUID) -> Response:
        """Begin a part: a finished file that comes in pieces."""
        row = self.recording(pk)

        def act(key: str) -> Response:
            given = read(PartGiven, request.data)
            sha256 = bytes.fromhex(given["sha256"]) if "sha256" in given else None
            part = pieces.begin_part(row, actor=self.actor, now=self.now, size=given["size"], sha256=sha256)
            return Response(PartRow(part).data, status=201)

        return once(request, self.now, act)


class Piece(BaseParser):
    """A piece is read by whoever seals it, never by a parser."""

    media_type = PIECE_TYPE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {}


class OnePart(OfRecording):
    parser_classes = (Piece,)

    @extend_schema(responses={200: PartRow})
    def get(self, request: Request, pk: UUID, part: UUID) -> Response:
        """Where to go on, and how it ended."""
        return Response(PartRow(self._part(pk, part)).data)

    @extend_schema(
        request={PIECE_TYPE: {"type": "string", "format": "binary"}},
        parameters=[
            OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True),
            OpenApiParameter("Upload-Checksum", str, OpenApiParameter.HEADER, description="sha256 and its base64"),
        ],
        responses={200: PartRow},
    )
    def patch(self, request: Request, pk: UUID, part: UUID) -> Response:
        """Send the piece that begins at `Upload-Offset`. The same piece again changes nothing."""
        return Response(PartRow(capture.appended(request._request, self._part(pk, part), self.actor)).data)

    @extend_schema(request=None, responses={202: PartRow})
    def put(self, request: Request, pk: UUID, part: UUID) -> Response:
        """Say that everything of this part is here. A worker joins the pieces."""
        done = pieces.end_part(self._part(pk, part), actor=self.actor, now=self.now)
        return Response(PartRow(done).data, status=202)

    def _part(self, pk: UUID, part: UUID) -> RecordingPart:
        row = self.recording(pk)
        found = queries.part_for(row, part)
        found.recording = row
        return found


class Marks(OfRecording):
    @extend_schema(request=MarkGiven, responses={201: MarkKept})
    def post(self, request: Request, pk: UUID) -> Response:
        """When a sentence was shown and read or answered, in milliseconds of its part."""
        row = self.recording(pk)

        def act(key: str) -> Response:
            given = read(MarkGiven, request.data)
            part = queries.part_for(row, given.pop("part"))
            actions.keep_mark(row, part, actor=self.actor, now=self.now, **given)
            return Response(MarkKept({"next": queries.next_sentence(row)}).data, status=201)

        return once(request, self.now, act)


class Finish(OfRecording):
    @extend_schema(request=None, responses={202: RecordingWhole})
    def post(self, request: Request, pk: UUID) -> Response:
        """End the recording: a worker looks into it, and then it passes, fails, or waits for a person."""
        row = self.recording(pk)

        def act(key: str) -> Response:
            done = actions.finish_recording(row, actor=self.actor, now=self.now, key=key)
            return Response(RecordingWhole(done).data, status=202)

        return once(request, self.now, act)


class Permissions(Endpoint):
    scopes = (PERMIT,)

    @extend_schema(request=Values, responses={201: PermissionRow})
    def post(self, request: Request) -> Response:
        """May money leave? Refused (409) with every reason: no recording, not passed, another amount, a point nobody answered."""
        return once(request, self.now, lambda _key: self._permit(read(Values, request.data)))

    def _permit(self, given: dict[str, Any]) -> Response:
        asked = {
            "principal_cents": to_cents(given["principal_cny"]),
            "term_months": given["term_months"],
            "annual_percent": f"{given['annual_percent']:.6f}",
            "merchant": given["merchant"],
            "funder": given["funder"],
        }
        row: Any = actions.permit_disbursement(given["application"], asked, actor=self.actor, now=self.now)
        standing = gate.standing_of(row.contract, asked, now=self.now)
        row.why = str(standing.exempt or row.get_basis_display())
        return Response(PermissionRow(row).data, status=201)
