"""Evidence bundles of a case through the API: every one with how far it is, and the files of those that were let out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import queries, scopes
from cases.api.views import CaseEndpoint
from cases.bundles.models import Bundle, Stage
from cases.bundles.profiles import PROFILES
from cases.bundles.queries import bundle_for, bundles_of, is_released
from cases.bundles.rules import blockers_to_download
from cases.bundles.taking import taken
from jike.base.errors import refuse_if
from jike.files.kinds import PDF

ZIP = "application/zip"
BINARY = {"type": "string", "format": "binary"}


class StageRow(s.Serializer):
    name = s.ChoiceField(choices=Stage.Name.values)
    done = s.IntegerField()
    total = s.IntegerField()
    began_at = s.DateTimeField()
    ended_at = s.DateTimeField(allow_null=True)


class HaltRow(s.Serializer):
    code = s.CharField()
    item = s.CharField(source="label", help_text="Number of the item a person must look at; may be empty.")
    at = s.DateTimeField()


class FinishedRow(s.Serializer):
    """What came of it. Hashes are those of the files as they are downloaded."""

    at = s.DateTimeField()
    pages = s.IntegerField()
    signed = s.BooleanField()
    sha256 = s.CharField()
    size = s.IntegerField()
    package_sha256 = s.CharField()
    package_size = s.IntegerField()
    notes = s.ListField(child=s.CharField(), help_text="Like slip.none:4, item 4 has no pages by nature.")


class BundleRow(s.Serializer):
    id = s.UUIDField()
    profile = s.ChoiceField(choices=list(PROFILES))
    version = s.IntegerField(help_text="Counts up with other inputs; earlier versions stay.")
    code = s.CharField(help_text="Printed on it; /verify/ takes it.")
    manifest_sha256 = s.CharField(help_text="Of everything that goes in; the same register gives the same.")
    items = s.IntegerField()
    asked_at = s.DateTimeField()
    stages = StageRow(many=True)
    halted = HaltRow(allow_null=True, help_text="Why its making stopped.")
    finished = FinishedRow(allow_null=True)
    released = s.BooleanField(help_text="A second person let it out; an own copy needs nobody.")


class BundleList(s.Serializer):
    results = BundleRow(many=True)


class Bundles(CaseEndpoint):
    @extend_schema(responses={200: BundleList})
    def get(self, request: Request, number: str) -> Response:
        """The bundles of a case, newest first, for whoever sees the whole case. They are made by the verb `build_bundle`."""
        case = queries.case_of(self, number)
        return Response(BundleList({"results": [_row(one) for one in bundles_of(case, self.actor)]}).data)


class OneFile(CaseEndpoint):
    """A file of a bundle holds what people wrote: a key needs the scope for words."""

    rule = "cases.read and cases.words"

    def sent(self, number: str, pk: UUID, which: str) -> HttpResponseBase:
        self.need(scopes.WORDS)
        case = queries.case_of(self, number)
        bundle = bundle_for(case, self.actor, pk)
        refuse_if(blockers_to_download(case, bundle), verb="bundle.download")
        file = getattr(bundle.binding, which)
        return taken(case, file, purpose="api.bundle")


class OneDocument(OneFile):
    @extend_schema(responses={(200, PDF): BINARY})
    def get(self, request: Request, number: str, pk: UUID) -> HttpResponseBase:
        """The document (PDF), once a second person has let it out and the verb `hand_out_bundle` has said to whom it goes."""
        return self.sent(number, pk, "document")


class OnePackage(OneFile):
    @extend_schema(responses={(200, ZIP): BINARY})
    def get(self, request: Request, number: str, pk: UUID) -> HttpResponseBase:
        """The package (ZIP) with manifest, originals, proofs and a checker, on the same terms as the document."""
        return self.sent(number, pk, "package")


def _row(bundle: Bundle) -> dict[str, Any]:
    binding = getattr(bundle, "binding", None)
    order = list(Stage.Name.values)
    said = {name: getattr(bundle, name) for name in ("id", "profile", "version", "code", "items", "asked_at")}
    return said | {
        "manifest_sha256": bytes(bundle.manifest_sha256).hex(),
        "stages": sorted(bundle.stages.all(), key=lambda stage: order.index(stage.name)),
        "halted": None if binding else max(bundle.halts.all(), key=lambda halt: halt.at, default=None),
        "finished": _finished(binding) if binding else None,
        "released": binding is not None and is_released(bundle),
    }


def _finished(binding: Any) -> dict[str, Any]:
    document, package = binding.document, binding.package
    return {
        "at": binding.bound_at,
        "pages": binding.pages,
        "signed": binding.is_signed,
        "sha256": bytes(document.sha256).hex(),
        "size": document.size,
        "package_sha256": bytes(package.sha256).hex(),
        "package_size": package.size,
        "notes": binding.notes,
    }
