"""Bundles through the API: made and let out by the verbs, listed with how far they are, downloaded only when that is due."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from cases.bundles.models import Binding, Bundle
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.evidence.models import Custody
from cases.models import Approval
from jike.accounts.models import User
from jike.base.dates import now
from jike.outbox import jobs
from tests.api.conftest import Program, program
from tests.attachments import good
from tests.bundles.conftest import MAIL, Desk, desk_of
from tests.people import Cast

__all__ = ["program"]
SMALL = (("合同.pdf", good.paper(1)), ("往来邮件.eml", MAIL.encode()))


@pytest.fixture
def mine(cast: Cast, program: Callable[..., Program]) -> tuple[Program, Desk]:
    """A program that handles the case of a register."""
    visitor, desk = program(), desk_of(cast, SMALL)
    owner = User.objects.get(pk=visitor.key.owner_id)
    desk.case = actions.assign_complaint(desk.case, actor=cast.supervisor.actor, now=now(), to=owner)
    return visitor, desk


def at(desk: Desk, rest: str = "bundles/") -> str:
    return f"/api/v1/cases/{desk.case.number}/{rest}"


def do(visitor: Program, desk: Desk, verb: str, **body: Any) -> tuple[int, list[str]]:
    answer = visitor.post(at(desk, f"verbs/{verb}/"), body)
    return answer.status_code, [blocker["code"] for blocker in answer.json().get("blockers", [])]


def fetch(visitor: Program, desk: Desk, bundle: Any, what: str = "document") -> tuple[int, list[str] | str]:
    """The status, with the hash of what came or the reasons why nothing did."""
    answer = visitor.get(at(desk, f"bundles/{bundle}/{what}/"))
    if answer.status_code == 200:
        return 200, hashlib.sha256(b"".join(answer.streaming_content)).hexdigest()
    return answer.status_code, [blocker["code"] for blocker in answer.json()["blockers"]]


def test_a_bundle_is_made_released_and_handed_out_by_the_verbs(mine: tuple[Program, Desk], cast: Cast) -> None:
    visitor, desk = mine
    assert visitor.get(at(desk)).json() == {"results": []}

    assert do(visitor, desk, "build_bundle", profile="court") == (200, [])
    (asked,) = visitor.get(at(desk)).json()["results"]
    pk = asked["id"]
    assert (asked["finished"], asked["released"], asked["stages"]) == (None, False, [])
    assert fetch(visitor, desk, pk) == (409, ["bundle.unfinished", "bundle.not_released"])

    jobs.run_due()
    (row,) = visitor.get(at(desk)).json()["results"]
    made = Binding.objects.select_related("document", "package", "bundle").get()
    assert (row["profile"], row["version"], row["items"], row["code"]) == ("court", 1, 2, made.bundle.code)
    assert row["manifest_sha256"] == bytes(made.bundle.manifest_sha256).hex()
    assert [stage["name"] for stage in row["stages"]] == ["pages", "sheets", "bind", "sign", "package"]
    finished = row["finished"]
    assert (finished["pages"], finished["signed"], finished["size"]) == (made.pages, made.is_signed, made.document.size)
    assert fetch(visitor, desk, pk, "package") == (409, ["bundle.not_released"])

    assert do(visitor, desk, "ask_bundle_release", bundle=pk) == (200, [])
    vote = {"verdict": "approved", "payload": bytes(Approval.objects.get().payload_sha256).hex()}
    actions.release_bundle(Complaint.objects.get(pk=desk.case.pk), actor=cast.supervisor.actor, now=now(), **vote)
    assert fetch(visitor, desk, pk) == (409, ["bundle.not_handed_out"])
    assert do(visitor, desk, "hand_out_bundle", bundle=pk, to="浦东新区人民法院") == (200, [])
    assert fetch(visitor, desk, pk) == (200, finished["sha256"])
    assert fetch(visitor, desk, pk, "package") == (200, finished["package_sha256"])
    assert visitor.get(at(desk)).json()["results"][0]["released"] is True
    assert Custody.objects.filter(attachment=desk.item("1").pk, act="exported").count() == 1


def test_inputs_that_do_not_fit_are_named(mine: tuple[Program, Desk], cast: Cast) -> None:
    visitor, desk = mine
    other = desk_of(cast, SMALL[:1])
    one, strange = str(desk.item("1").pk), str(other.item("1").pk)

    assert do(visitor, desk, "build_bundle") == (400, ["profile.required"])
    assert do(visitor, desk, "build_bundle", profile="press") == (400, ["profile.invalid_choice"])
    assert do(visitor, desk, "build_bundle", profile="court", without=one) == (400, ["without.wrong_type"])
    assert do(visitor, desk, "build_bundle", profile="court", without=[strange])[0] == 409
    assert do(visitor, desk, "ask_bundle_release", bundle=uuid.uuid4().hex)[0] == 409
    assert do(visitor, desk, "build_bundle", profile="court", without=[one]) == (200, [])
    assert Bundle.objects.get().items == 1


def test_not_yours_is_not_there(mine: tuple[Program, Desk], cast: Cast, program: Callable[..., Program]) -> None:
    visitor, desk = mine
    bundle = desk.build(actor=cast.supervisor.actor)
    stranger = program(unit=cast.other_unit)
    other = desk_of(cast, SMALL[:1])

    assert stranger.get(at(desk)).status_code == 404
    assert fetch(stranger, desk, bundle.pk)[0] == 404
    assert fetch(visitor, desk, uuid.uuid4())[0] == 404
    assert fetch(visitor, other, bundle.pk)[0] == 404
    assert visitor.get(at(desk), limit="3").status_code == 400


def test_the_files_need_the_scope_for_words(mine: tuple[Program, Desk], cast: Cast) -> None:
    visitor, desk = mine
    bundle = desk.build(actor=cast.supervisor.actor)
    visitor.key.scopes = ["cases.read"]
    visitor.key.save()

    assert fetch(visitor, desk, bundle.pk) == (403, ["actor.no_scope"])
    (row,) = visitor.get(at(desk)).json()["results"]
    assert row["id"] == str(bundle.pk) and "title" not in str(row)
