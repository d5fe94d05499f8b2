"""Cases through the API: who sees which, how much of it, and what may be done."""

from __future__ import annotations

import pytest

from cases.complaints.models import Complaint
from cases.models import Event
from jike.privacy import mask_name
from jike.verbs import verbs_of
from jike.web.models import RefusalLog
from tests.api.conftest import make_program
from tests.factories import complaints as factory
from tests.people import Cast

CASES = "/api/v1/cases/"
NAME, PHONE = "欧阳靖宇", "13987650001"
CLAIM, NARRATIVE = "请退还课时费四千八百元", "培训学校在九月三日夜里搬空了教室。"
MISSING = "TS20260928-99999"
PARTS = ("", "events/", "clocks/", "messages/", "verbs/")


@pytest.fixture
def case(cast: Cast) -> Complaint:
    return factory.complaint(cast, at="issued", name=NAME, phone=PHONE, claim=CLAIM, narrative=NARRATIVE)


def handling(cast: Cast, case: Complaint, *scopes: str):
    """A program whose service account handles the case."""
    program = make_program(*scopes)
    Complaint.objects.filter(pk=case.pk)  # the database refuses an assignee without an event: assign by the verb
    from cases.complaints import actions

    actions.assign_complaint(case, actor=cast.supervisor.actor, now=factory.RECEIVED, to=program.key.owner)
    return program


def test_not_yours_is_not_there_byte_by_byte(cast: Cast, case: Complaint, program) -> None:
    others = {
        "other unit": program(unit=cast.other_unit),
        "same unit": program(),
        "integration": program(role="integration"),
        "no power to list": program(role="educator"),
    }
    events = Event.objects.count()
    for who, visitor in others.items():
        for part in (*PARTS, "verbs/note/", "verbs/nothing/", "verbs/issue_letter/"):
            ways = ("post",) if part.count("/") == 2 else ("get",)
            for way in ways:
                theirs, nobodys = (
                    getattr(visitor, way)(f"{CASES}{number}/{part}", **({"once": "k"} if way == "post" else {}))
                    for number in (case.number, MISSING)
                )
                assert theirs.status_code == nobodys.status_code == 404, (who, part)
                assert theirs.content == nobodys.content, (who, part)
    for odd in ("x", "TS20260928", "ts20260928-00001", "TS20260928-0000１", "TS20260928-00001%00", "ZZ20260928-00001"):
        assert others["same unit"].get(f"{CASES}{odd}/").content == nobodys.content
    assert Event.objects.count() == events


def test_lists_hold_masks_and_own_units_only(cast: Cast, case: Complaint, program) -> None:
    near, far = program(), program(unit=cast.other_unit)

    page = near.get(CASES)

    assert [row["number"] for row in page.json()["results"]] == [case.number]
    assert page.json()["results"][0]["consumer"] == mask_name(NAME)
    assert far.get(CASES).json() == {"results": [], "next": None}
    assert not [word for word in (NAME, PHONE, CLAIM, NARRATIVE) if word in page.content.decode()]


def test_words_need_full_sight_and_their_scope(cast: Cast, case: Complaint) -> None:
    reads = handling(cast, case, "cases.read", "cases.words")
    heads = make_program("cases.read")
    heads.key.owner = reads.key.owner
    heads.key.save(update_fields=["owner"])

    seen, head = (one.get(f"{CASES}{case.number}/") for one in (reads, heads))
    said, hidden = (one.get(f"{CASES}{case.number}/messages/") for one in (reads, heads))

    assert seen.json()["words"]["narrative"] == NARRATIVE
    assert seen.json()["sight"] == head.json()["sight"] == "full"
    assert seen.json()["parties"] == [{"role": "complainant", "name": NAME, "phone": "139****0001"}]
    assert head.json()["words"] is None
    assert head.json()["parties"][0]["name"] == mask_name(NAME)
    assert case.number in said.json()["results"][0]["body"]
    assert {row["body"] for row in hidden.json()["results"]} == {None}
    for page in (head, hidden, seen, said):
        assert PHONE not in page.content.decode()
    for page in (head, hidden):
        assert not [word for word in (NAME, CLAIM, NARRATIVE) if word in page.content.decode()]


def test_masked_sight_reads_no_words(cast: Cast, program) -> None:
    case = factory.file(name=NAME, phone=PHONE, claim=CLAIM, narrative=NARRATIVE)
    visitor = program()
    for part in PARTS:
        page = visitor.get(f"{CASES}{case.number}/{part}")
        assert page.status_code == 200
        assert not [word for word in (NAME, PHONE, CLAIM, NARRATIVE) if word in page.content.decode()], part
    assert visitor.get(f"{CASES}{case.number}/").json()["parties"] == []


def test_pages_follow_one_another_without_gaps(cast: Cast, program) -> None:
    numbers = [factory.file(phone=f"1390000{n:04}").number for n in range(5)]
    visitor, found, cursor = program(), [], {}
    while True:
        page = visitor.get(CASES, limit=2, **cursor).json()
        found += [row["number"] for row in page["results"]]
        assert len(page["results"]) <= 2
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert found == numbers[::-1]


@pytest.mark.parametrize("many", [1, 4])
def test_a_page_costs_the_same_however_long(cast: Cast, program, many: int, django_assert_num_queries) -> None:
    for n in range(many):
        factory.file(phone=f"1390000{n:04}")
    visitor = program()
    visitor.get(CASES)

    with django_assert_num_queries(3):  # the key, the minute, the page
        assert len(visitor.get(CASES).json()["results"]) == many


def test_filters_narrow(cast: Cast, program) -> None:
    ended, received = factory.complaint(cast, at="withdrawn"), factory.file(phone="13900001111")
    visitor = program()

    def numbers(**query: str) -> list[str]:
        return [row["number"] for row in visitor.get(CASES, **query).json()["results"]]

    assert numbers(open="true") == [received.number]
    assert numbers(open="false") == [ended.number]
    assert numbers(state="withdrawn") == [ended.number]
    assert numbers(kind="complaint") == [received.number, ended.number]
    assert numbers(mine="true") == []
    assert numbers(received_from="2026-09-28T10:00:00+08:00") == [received.number, ended.number]
    assert numbers(received_before="2026-09-28T10:00:00+08:00") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"colour": "red"}, "colour"), ({"limit": "0"}, "limit"), ({"limit": "x"}, "limit"), ({"cursor": "x"}, "cursor"),
        ({"cursor": "MTp4AA"}, "cursor"), ({"kind": "loan"}, "kind"), ({"state": "\0"}, "state"), ({"open": "maybe"}, "open"),
        ({"received_from": "yesterday"}, "received_from"), ({"limit": ["1", "2"]}, "limit"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_named(cast: Cast, program, query: dict, field: str) -> None:
    answer = program().get(CASES, **query)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [b["field"] for b in answer.json()["blockers"]] == [field]


def test_verbs_say_what_may_be_done_and_why_not(cast: Cast, program) -> None:
    case = factory.file()
    visitor = program()

    rows = {row["verb"]: row for row in visitor.get(f"{CASES}{case.number}/verbs/").json()["results"]}

    assert set(rows) == {verb.short_name for verb in verbs_of(Complaint) if verb.by_hand}
    assert rows["claim"]["possible"] and rows["claim"]["blockers"] == []
    assert not rows["accept"]["possible"]
    assert [b["code"] for b in rows["accept"]["blockers"]] == ["actor.not_assigned"]
    assert rows["note"]["input"]["required"] == ["text"]
    assert rows["note"]["input"]["additionalProperties"] is False
    assert rows["propose_decision"]["input"]["properties"]["result"]["enum"] == ["upheld", "partly", "rejected"]


def test_a_case_is_worked_on_through_the_registry(cast: Cast, program) -> None:
    case = factory.file()
    visitor = program()
    here = f"{CASES}{case.number}/"
    business, cause = factory.headings()

    claimed = visitor.post(f"{here}verbs/claim/", {"version": 1})
    assert (claimed.status_code, claimed.json()["version"]) == (200, 2)
    assert claimed.json()["assignee"] == visitor.key.owner.staff_no
    assert visitor.post(f"{here}verbs/accept/").json()["state"] == "investigating"
    headings = {"business_code": business, "cause_code": cause}
    assert visitor.post(f"{here}verbs/classify/", headings).status_code == 200
    decision = {**factory.DECISION, "redress_cny": "3000.00"}
    assert visitor.post(f"{here}verbs/propose_decision/", decision).json()["state"] == "deciding"
    assert [row["verb"] for row in visitor.get(f"{here}events/").json()["results"]] == [
        "complaints.file", "complaints.claim", "complaints.accept", "complaints.classify", "complaints.propose_decision",
    ]  # fmt: skip
    page = visitor.get(f"{here}events/", limit=2).json()
    assert [row["seq"] for row in visitor.get(f"{here}events/", cursor=page["next"]).json()["results"]] == [3, 4, 5]
    assert visitor.get(f"{here}clocks/").json()["results"][0]["code"] == "CMP15"


def test_refusals_name_every_reason_and_are_recorded(cast: Cast, program) -> None:
    case = factory.file()
    visitor = program()
    here = f"{CASES}{case.number}/verbs/"
    visitor.post(f"{here}claim/")

    late = visitor.post(f"{here}close/", {"version": 1})

    assert late.status_code == 409
    assert late.headers["Content-Type"] == "application/problem+json"
    assert [b["code"] for b in late.json()["blockers"]] == ["case.changed", "case.wrong_state"]
    assert late.json()["code"] == "case.changed"
    assert RefusalLog.objects.get(verb="complaints.close").subject == case.number
    assert visitor.post(f"{here}approve_decision/", {"payload": "00"}).status_code == 403


@pytest.mark.parametrize(
    ("verb", "body", "fields"),
    [
        ("note", {}, ["text"]),
        ("note", {"text": ""}, ["text"]),
        ("note", {"text": 5}, ["text"]),
        ("note", {"text": ["x"]}, ["text"]),
        ("note", {"text": "x", "colour": 1, "actor": "me"}, ["actor", "colour"]),
        ("note", {"text": "x", "version": "1"}, ["version"]),
        ("note", {"text": "x", "version": True}, ["version"]),
        ("note", {"text": "x" * 9_000}, ["text"]),
        ("claim", {"assignee": "me"}, ["assignee"]),
        ("classify", {"business_code": "nothing", "cause_code": {}}, ["cause_code", "business_code"]),
        ("propose_decision", {**factory.DECISION, "redress_cny": "1e9"}, ["redress_cny"]),
        ("propose_decision", {**factory.DECISION, "redress_cny": "NaN"}, ["redress_cny"]),
        ("notify", {"manner": "post", "sent_at": "soon", "evidence": "x"}, ["sent_at"]),
    ],
)
def test_bodies_are_judged_field_by_field(cast: Cast, program, verb: str, body: dict, fields: list[str]) -> None:
    case = factory.file()
    visitor = program()
    visitor.post(f"{CASES}{case.number}/verbs/claim/")
    body = {name: str(value) if name == "redress_cny" else value for name, value in body.items()}

    answer = visitor.post(f"{CASES}{case.number}/verbs/{verb}/", body)

    assert answer.status_code == 400, answer.content
    assert [b["field"] for b in answer.json()["blockers"]] == fields
    assert Event.objects.filter(case_id=case.pk).count() == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"x"', b"{", b'{"text": "a", "text": "b"}', b'{"text": NaN}', b'{"text": "\\u0000"}', b'{"text": "\\ud800"}',
     b'{"text": "\xff"}', b'{"text": ' + b"[" * 5_000, b'{"text": ' + b"[" * 200_000, b'{"text": ' + b"9" * 5_000 + b"}"],
    ids=range(12),
)  # fmt: skip
def test_bodies_that_are_no_object_break_nothing(cast: Cast, program, body: bytes) -> None:
    case = factory.file()
    visitor = program()
    headers = visitor.headers() | {"Idempotency-Key": "k"}
    path = f"{CASES}{case.number}/verbs/note/"

    answer = visitor.client.post(path, body, content_type="application/json", headers=headers)

    assert answer.status_code == 400, answer.content
    assert visitor.client.post(path, b"a=b", content_type="text/plain", headers=headers).status_code == 415
    large = visitor.client.post(
        path, b'{"text":"' + b"x" * 300_000 + b'"}', content_type="application/json", headers=headers
    )
    assert (large.status_code, large.json()["code"]) == (413, "request.too_large")


def test_methods_that_are_not_there_say_so(cast: Cast, program) -> None:
    visitor = program()
    for way in ("put", "patch", "delete", "options", "trace", "post"):
        answer = getattr(visitor.client, way)(CASES, headers=visitor.headers())
        assert (answer.status_code, answer.json()["code"]) == (405, "method.not_allowed"), way
        assert "GET" in answer.headers["Allow"]
    assert visitor.client.head(CASES, headers=visitor.headers()).status_code == 200
    assert visitor.get("/api/v1/nothing/").json()["code"] == "not_found"
