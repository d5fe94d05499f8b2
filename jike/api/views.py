"""The base of every endpoint: who may come, with which scope, and nothing asked that is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import CharField, ChoiceField, DateTimeField, ListField, Serializer
from rest_framework.views import APIView

from jike.accounts.access import by_key
from jike.api.authentication import KeyAuthentication, SessionAuthentication
from jike.api.errors import Malformed, blockers_of, malformed, to_problem
from jike.api.parsing import StrictJSONParser, is_text
from jike.api.scopes import all_scopes
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.base.errors import Blocker, Refused


class AlwaysJSON(BaseContentNegotiation):
    """There is one representation; what a client would rather have changes nothing."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        sent = (request.content_type or "").partition(";")[0].strip().lower()
        return parsers[0] if sent == parsers[0].media_type else None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.actor is not None and request.user.is_authenticated


class Endpoint(APIView):
    """One address. `scopes` names what a key needs, any one of them; a session needs none and has its roles.

    `query` is the serializer of the parameters in the address; without one, none is known.
    """

    authentication_classes = (KeyAuthentication, SessionAuthentication)
    permission_classes = (SignedIn,)
    parser_classes = (StrictJSONParser,)
    content_negotiation_class = AlwaysJSON
    metadata_class = None
    scopes: ClassVar[tuple[str, ...]] = ()
    rule: ClassVar[str] = ""
    query: ClassVar[type[Serializer] | None] = None

    @classmethod
    def as_view(cls, **given: Any) -> Any:
        return by_key(
            super().as_view(**given), f"key or staff: {cls.rule or ' | '.join(cls.scopes)}".removesuffix(": ")
        )

    def get_exception_handler(self) -> Any:
        return to_problem

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        self.now = current_instant()
        self.need(*self.needed)
        self.asked = self._asked(request)

    @property
    def needed(self) -> tuple[str, ...]:
        """The scopes any one of which opens this address to a key. Lists that are only known late override it."""
        return self.scopes

    @property
    def actor(self) -> Actor:
        return self.request.actor

    def has_scope(self, *names: str) -> bool:
        """Whether the key was given any of these scopes; a session always was."""
        key = self.request.api_key
        return key is None or bool(set(names) & set(key.scopes) & set(all_scopes()))

    def need(self, *names: str) -> None:
        if names and not self.has_scope(*names):
            message = _("The key lacks a scope. Ask the security administrator for a key with it.")
            raise Refused([Blocker("actor.no_scope", message)], verb=names[0])

    def _asked(self, request: Request) -> dict[str, Any]:
        """The parameters of the address, each known, given once and of the right shape."""
        shape = self.query() if self.query and request.method in ("GET", "HEAD") else None
        known = shape.fields if shape else {}
        for name, values in request.query_params.lists():
            if name not in known:
                raise malformed(name, "unknown", _("This parameter is not known here."))
            if len(values) > 1 or not is_text(values[0]):
                raise malformed(name, "invalid", _("Give this parameter once, as plain text."))
        if shape is None:
            return {}
        judged = type(shape)(data=request.query_params.dict())
        judged.is_valid(raise_exception=True)
        return judged.validated_data


def read(shape: type[Serializer], data: dict[str, Any]) -> dict[str, Any]:
    """The body as `shape` reads it. Raises for unknown and malformed fields, all of them at once."""
    judged = shape(data=data)
    found = list(_strange(judged, data))
    named = {blocker.field for blocker in found}
    judged.is_valid()
    found += [blocker for blocker in blockers_of(judged.errors) if blocker.field not in named]
    if found:
        raise Malformed(found)
    return judged.validated_data


def _strange(shape: Serializer, data: dict[str, Any], place: str = "") -> Iterator[Blocker]:
    """Fields nobody knows, and values REST framework would quietly make a text of."""
    for name, value in data.items():
        field = shape.fields.get(name)
        if field is None:
            yield Blocker("field.unknown", _("This field is not known here."), field=f"{place}{name}"[:60])
        elif isinstance(field, Serializer) and isinstance(value, dict):
            yield from _strange(field, value, f"{name}.")
        else:
            texts = value if isinstance(field, ListField) and isinstance(value, list) else [value]
            kind = field.child if isinstance(field, ListField) else field
            if isinstance(kind, (CharField, ChoiceField, DateTimeField)) and not all(isinstance(t, str) for t in texts):
                yield Blocker("field.wrong_type", _("This must be a text."), field=f"{place}{name}")
