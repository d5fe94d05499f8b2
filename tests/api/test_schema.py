"""The OpenAPI document is true to the code: generated requests, good and bad, are answered as it says."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from cases.complaints import actions
from cases.kinds import all_kinds
from cases.models import Case
from jike.api import schema as documents
from jike.verbs import verbs_of
from jike.wsgi import application
from tests.api.conftest import Program, make_program
from tests.factories import complaints as factory
from tests.people import Cast

EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "5"))
SETTLED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=EXAMPLES < 50,
    database=None,
)
answered: Counter[int] = Counter()

BODY_BY_KIND = ("/verbs/close", "/verbs/decline", "/verbs/withdraw")


@pytest.fixture
def worker(cast: Cast, settings: Any) -> Iterator[Program]:
    """A program that handles one case and sees another."""
    for signal in (request_started, request_finished):  # a real server ends its connection with each request
        signal.disconnect(close_old_connections)
    settings.API_RATE_PER_MINUTE = settings.API_ANONYMOUS_RATE_PER_MINUTE = 1_000_000
    visitor = make_program()
    mine = factory.file()
    actions.assign_complaint(mine, actor=cast.supervisor.actor, now=factory.RECEIVED, to=visitor.key.owner)
    factory.file(phone="13900001111")
    committed()
    yield visitor
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def committed() -> None:
    """What is checked at commit is checked now: in life every request is a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


everything = schemathesis.openapi.from_wsgi("/api/schema/", application)
everything.config.generation.update(allow_x00=False)
everything.config.phases.coverage.enabled = EXAMPLES > 5  # hundreds of requests per operation: for the long run by hand


@pytest.mark.storm
@everything.parametrize()
@SETTLED
def test_requests_are_answered_as_the_document_says(case: Any, worker: Program) -> None:
    good = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
    if good:
        if isinstance(case.query, dict):
            case.query.pop("cursor", None)  # cursors are opaque: only those we gave are good
        numbers = list(Case.objects.order_by("pk").values_list("number", flat=True))
        if case.path_parameters and "number" in case.path_parameters:
            case.path_parameters["number"] = numbers[0]
        if case.headers and "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = uuid.uuid4().hex
    # One address, several kinds: a body that is good for a litigation is not for the complaint that is asked here.
    excluded = [positive_data_acceptance] if case.path.rstrip("/").endswith(BODY_BY_KIND) else []
    response = case.call_and_validate(headers={"Authorization": f"Bearer {worker.token}"}, excluded_checks=excluded)
    committed()
    answered[response.status_code] += 1


def test_every_operation_and_verb_is_in_the_document() -> None:
    paths = documents.document()["paths"]
    verbs = {verb.short_name for kind in all_kinds() for verb in verbs_of(kind.model) if verb.by_hand}

    assert {p.split("/")[-2] for p in paths if "/verbs/" in p and not p.endswith("/verbs/")} == verbs
    assert documents.document()["openapi"].startswith("3.1")
    assert set(documents.document()["components"]["securitySchemes"]) == {"key", "session"}
    ids = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_the_document_and_its_page_are_served_without_a_key_and_from_here(db: None, client: Client) -> None:
    document, page = client.get("/api/schema/"), client.get("/api/docs/")

    assert document.json()["openapi"] == "3.1.1"
    assert page.status_code == 200
    text = page.content.decode()
    assert "/api/v1/cases/{number}/verbs/claim/" in text
    assert "https://" not in text and "<script>" not in text and "style=" not in text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
