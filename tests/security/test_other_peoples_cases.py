"""Another person's case is not there: every route, every kind of person, every method answers as for a number nobody has."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from cases.attachments.models import Attachment
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Event
from jike.base.dates import pinned
from jike.base.ids import uuid7
from tests.accounts.signing_in import sign_in
from tests.complaints.portal_walk import LATER, enter
from tests.factories import complaints as factory
from tests.people import Cast, staff
from tests.web.walking import routes

METHODS = ("get", "post", "head", "put", "patch", "delete", "options")
NOT_THERE = "TS20260928-99999"
NUMBER = r"TS\d{8}-\d{5}"
NAME, PHONE = "欧阳靖宇", "13987650001"
CLAIM, NARRATIVE = "请退还课时费四千八百元", "培训学校在九月三日夜里搬空了教室。"
VERBS = ("claim", "assign", "classify", "accept", "note", "message", "propose_decision", "return_decision", "approve_decision",
         "notify", "close", "withdraw", "ask_supplement", "supplement", "decline", "confirm_decline",
         "tell_decline", "return_request", "extend_30", "extend_60", "approve_extension", "settle_extension", "pause", "count_pause",
         "resume", "agree_deadline", "add_facts", "ask_restart", "approve_restart", "correct_facts", "ask_receipt_time",
         "approve_receipt_time",
         "record_attempt", "ask_waiver", "waive_notice", "confirm_redress", "request_review", "decide_review", "reopen", "ask_merge", "merge",
         "unmerge", "split_off", "open_litigation", "open_mediation", "open_police_report", "open_house_report", "link", "unlink", "name_salesperson", "send_reply", "form_mass", "join_mass", "leave_mass",
         "register_evidence", "describe_evidence", "reorder_evidence", "supersede_evidence", "hand_over_evidence", "lock_evidence",
         "redact_evidence", "release_evidence", "build_bundle", "ask_bundle_release", "release_bundle", "hand_out_bundle")  # fmt: skip

# Routes about one case. Everything else is in NO_CASE; a route in neither fails the first test.
ONE_CASE = {
    "staff:case": "/staff/cases/{number}/",
    "staff:preview": "/staff/cases/{number}/preview/{verb}/",
    "staff:document": "/staff/cases/{number}/documents/{code}/",
    "staff:reveal": "/staff/cases/{number}/reveal/{party}/phone/",
    "staff:paper_add": "/staff/cases/{number}/papers/add/",
    "staff:papers": "/staff/cases/{number}/papers/list/",
    "staff:paper_rule": "/staff/cases/{number}/papers/{paper}/rule/",
    "staff:upload_new": "/staff/cases/{number}/papers/uploads/",
    "staff:upload": "/staff/cases/{number}/papers/uploads/{paper}/",
    "staff:paper_picture": "/staff/cases/{number}/papers/{paper}/small/",
    "staff:paper_original": "/staff/cases/{number}/papers/{paper}/file/original/",
    "staff:pages": "/staff/cases/{number}/papers/{paper}/pages/",
    "staff:pages_look": "/staff/cases/{number}/papers/{paper}/pages/open/",
    "staff:pages_sheets": "/staff/cases/{number}/papers/{paper}/pages/sheets/",
    "staff:pages_thumbnail": "/staff/cases/{number}/papers/{paper}/pages/thumbnail/",
    "staff:pages_picture": "/staff/cases/{number}/papers/{paper}/pages/1/",
    "staff:copies": "/staff/cases/{number}/papers/{paper}/copies/merchant/",
    "staff:copy_file": "/staff/cases/{number}/papers/{paper}/copies/merchant/file/",
    "staff:copy_act": "/staff/cases/{number}/papers/{paper}/copies/merchant/release_evidence/",
    "staff:evidence": "/staff/cases/{number}/evidence/",
    "staff:evidence_act": "/staff/cases/{number}/evidence/lock_evidence/",
    "staff:custody": "/staff/cases/{number}/evidence/{paper}/custody/",
    "staff:bundles": "/staff/cases/{number}/bundles/",
    "staff:bundle_act": "/staff/cases/{number}/bundles/build_bundle/",
    "staff:bundle_look": "/staff/cases/{number}/bundles/{paper}/look/",
    "staff:bundle_hand_out": "/staff/cases/{number}/bundles/{paper}/hand-out/",
    "staff:talks": "/staff/cases/{number}/talks/",
    "staff:talks_offer": "/staff/cases/{number}/talks/offer/consumer/",
    "staff:talks_write": "/staff/cases/{number}/talks/write/consumer/",
    "staff:talks_round": "/staff/cases/{number}/talks/round/",
    "staff:talks_answer": "/staff/cases/{number}/talks/answer/",
    "staff:litigation_paper": "/staff/cases/{number}/court-papers/{paper}/",
    "staff:packs": "/staff/cases/{number}/packs/",
    "staff:pack_look": "/staff/cases/{number}/packs/{paper}/look/",
    "staff:pack_hand_over": "/staff/cases/{number}/packs/{paper}/hand-over/",
    "staff:act": "/staff/cases/{number}/{verb}/",
    "staff:case_loan": "/staff/cases/{number}/loan/",
    "staff:glance": "/staff/cases/{number}/glance/",
    "staff:as_consumer": "/staff/cases/{number}/as/consumer/",
    "staff:timeline_csv": "/staff/cases/{number}/timeline.csv",
    "staff:ties": "/staff/cases/{number}/ties/",
    "staff:present": "/staff/cases/{number}/present/",
    "staff:keep_draft": "/staff/cases/{number}/drafts/note/",
    "portal:case": "/track/{number}/",
    "portal:case_message": "/track/{number}/message/",
    "portal:case_withdraw": "/track/{number}/withdraw/",
    "portal:case_after": "/track/{number}/after/review/",
    "portal:case_letter": "/track/{number}/letter/{code}/",
    "portal:case_papers": "/track/{number}/papers/",
    "portal:case_upload_new": "/track/{number}/papers/uploads/",
    "portal:case_upload": "/track/{number}/papers/uploads/{paper}/",
    "portal:case_picture": "/track/{number}/papers/{paper}/picture/",
    "portal:case_copies": "/track/{number}/copies/",
    "portal:case_copy": "/track/{number}/copies/{paper}/document/",
    "portal:case_asked": "/track/{number}/asked/",
    "portal:case_asked_all": "/track/{number}/asked/all/",
    "portal:case_seen": "/track/{number}/seen/",
    "portal:case_phone": "/track/{number}/phone/",
    "portal:case_phone_code": "/track/{number}/phone/code/",
    "portal:case_phone_again": "/track/{number}/phone/code/again/",
    "portal:mediation_act": "/track/{number}/talks/",
    "portal:mediation_files": "/track/{number}/files/",
    "portal:mediation_copy": "/track/{number}/files/copies/{paper}/",
    "portal:mediation_longer": "/track/{number}/longer/",
    "portal:mediation_offer": "/track/{number}/offer/",
    "portal:mediation_sign": "/track/{number}/agreement/",
    "portal:mediation_paper": "/track/{number}/agreement/pdf/",
    "portal:litigation_act": "/track/{number}/court/",
    "portal:litigation_own_paper": "/track/{number}/court/papers/{paper}/",
    "portal:police_statement": "/track/{number}/statement/",
    "portal:police_statement_code": "/track/{number}/statement/code/",
    "portal:police_statement_again": "/track/{number}/statement/code/again/",
    "portal:police_withdraw": "/track/{number}/no-help/",
    "portal:return_contest": "/track/{number}/contest/",
    "portal:return_certificate": "/track/{number}/certificate/",
    "api:refund": "/api/v1/refunds/{number}/",
    "api:case": "/api/v1/cases/{number}/",
    "api:case_events": "/api/v1/cases/{number}/events/",
    "api:case_clocks": "/api/v1/cases/{number}/clocks/",
    "api:case_messages": "/api/v1/cases/{number}/messages/",
    "api:case_evidence": "/api/v1/cases/{number}/evidence/",
    "api:case_custody": "/api/v1/cases/{number}/evidence/{paper}/custody/",
    "api:case_bundles": "/api/v1/cases/{number}/bundles/",
    "api:case_bundle_document": "/api/v1/cases/{number}/bundles/{paper}/document/",
    "api:case_bundle_package": "/api/v1/cases/{number}/bundles/{paper}/package/",
    "api:case_uploads": "/api/v1/cases/{number}/uploads/",
    "api:case_upload": "/api/v1/cases/{number}/uploads/{paper}/",
    "api:case_verbs": "/api/v1/cases/{number}/verbs/",
    "api:case_verb": "/api/v1/cases/{number}/verbs/{verb}/",
    "api:complaint": "/api/v1/complaints/{number}/",
    "api:mediation": "/api/v1/mediations/{number}/",
    "api:litigation": "/api/v1/litigations/{number}/",
    "api:police_report": "/api/v1/police-reports/{number}/",
    "api:ledger_proof": "/api/v1/ledger/proofs/{number}/",
}
NO_CASE = {
    "healthz", "readyz",
    "staff:home", "staff:sign_in", "staff:sign_out", "staff:language", "staff:queue", "staff:queue_count", "staff:queue_news", "staff:tasks", "staff:bulk_new", "staff:bulk", "staff:bulk_look", "staff:bulk_begin", "staff:bulk_undo", "staff:view_save", "staff:view_forget", "staff:palette", "staff:rail_counts", "staff:queue_rail",
    "staff:intake", "staff:intake_known", "staff:intake_receipt", "staff:reclassified",  # the receipt is the session's own: tests/complaints/test_intake.py
    "staff:imports", "staff:import", "staff:import_progress", "staff:import_read", "staff:import_columns", "staff:import_report",
    "staff:import_act",  # imports have doors of their own: tests/imports
    "staff:policies", "staff:policy", "staff:policy_act", "staff:policy_export", "staff:policy_new", "staff:policy_new_version",
    "staff:operations", "staff:operations_retry",
    "staff:policy_subject",
    "staff:notices", "staff:notice_count", "staff:notice_read", "staff:notice_settings",
    "staff:find", "staff:held",  # its door: tests/attachments/test_examining.py
    "staff:approvals", "staff:post", "staff:post_batch", "staff:relations", "staff:relation_end",
    "staff:clusters", "staff:cluster", "staff:cluster_judge", "staff:cluster_gather",  # their doors: tests/ties
    "staff:mass_events", "staff:mass_event", "staff:mass_event_act", "staff:mass_event_new",
    "staff:team", "staff:team_leave", "staff:team_skills", "staff:redistribute", "staff:take_next",
    "portal:home", "portal:language", "portal:large_text", "portal:verify", "portal:demo",
    "portal:complain", "portal:complain_you", "portal:complain_code", "portal:complain_again", "portal:complain_check",
    "portal:complain_send", "portal:complain_receipt", "portal:complain_discard",
    "portal:complain_question", "portal:complain_papers", "portal:complain_paper_remove", "portal:complain_upload_new", "portal:complain_upload", "portal:complain_paper_picture",
    "portal:complain_loan", "portal:complain_same", "portal:complain_added", "portal:complain_save", "portal:complain_resume",
    "portal:complain_resume_phone", "portal:complain_resume_code",
    "portal:track", "portal:track_code", "portal:track_again", "portal:sign_out",
    "staff:loans", "staff:loan", "staff:return_take_in", "staff:return_receipt", "staff:cost_form", "staff:cost_form_paper",  # tests/refunds/test_desk.py
    "staff:returns", "staff:returns_of", "staff:return_legs", "staff:return_clawbacks", "staff:return_day", "staff:return_day_ask",
    "staff:return_day_orders",  # tests/refunds/test_books.py
    "portal:cost_form", "portal:cost_form_code", "portal:cost_form_enter", "portal:cost_form_confirm", "portal:cost_form_paper",
    "api:disclosures", "api:disclosure", "api:terms", "api:funders",  # tests/lending
    "portal:return", "portal:return_code", "portal:return_again", "portal:return_loans", "portal:return_loan",  # tests/refunds/test_portal.py
    "api:refunds", "api:loans", "api:loan",  # tests/refunds/test_api.py
    "staff:recording", "staff:recording_act", "staff:recording_counter", "staff:recording_decide", "staff:recording_film", "staff:recording_finish", "staff:recording_marks", "staff:recording_part", "staff:recording_parts", "staff:recording_schedule", "staff:recordings", "staff:script_approve", "staff:scripts",
    "portal:own_recordings", "portal:own_recordings_code", "portal:own_recordings_sign_out", "portal:own_recordings_start", "portal:recording", "portal:recording_code", "portal:recording_consent", "portal:recording_enter", "portal:recording_finish", "portal:recording_marks", "portal:recording_part", "portal:recording_parts",
    "api:disbursement_permissions", "api:recording", "api:recording_consent", "api:recording_finish", "api:recording_marks", "api:recording_part", "api:recording_parts", "api:recordings",  # recordings have doors of their own: tests/recordings
    "portal:track_lost", "portal:track_lost_code", "portal:track_lost_done",  # what they answer: tests/complaints/test_portal_phone.py
    "portal:merchant_home", "portal:merchant_code", "portal:merchant_enter", "portal:merchant_renew", "portal:merchant_act", "portal:merchant_offer",
    "portal:merchant_files", "portal:merchant_people", "portal:merchant_people_end", "portal:merchant_cases", "portal:merchant_longer", "portal:merchant_copy", "portal:merchant_sign", "portal:merchant_paper", "portal:merchant_sign_out",  # behind a link: tests/mediation/test_talks.py
    "api:schema", "api:docs", "api:webhooks", "api:webhook", "api:callback", "staff:api_keys", "staff:api_key_revoke", "staff:webhooks", "staff:webhook_replay", "api:cases", "api:complaints", "api:mediations", "api:police_reports", "api:merchants", "api:calendar", "api:ledger_entries",
    "api:litigations", "api:ledger_heads", "api:ledger_consistency", "api:ledger_inclusion",  # whose entries: tests/api/test_ledger.py
}  # fmt: skip
STAFF_LISTS = (
    "/staff/queue/",
    "/staff/queue/team/",
    "/staff/queue/unassigned/",
    "/staff/queue/approval/",
    "/staff/queue/counts/",
    "/staff/queue/all/",
    "/staff/queue/all/?q=培训学校",
    "/staff/queue/all/?q=-樱花",
    "/staff/queue/all/count/",
    "/staff/approvals/",
    "/staff/notices/",
    "/staff/events/",
    "/staff/clusters/",
)
MASKED_SIGHT = {"auditor", "executive"}
MASKED_HEAD = ("staff:case", "staff:glance", "staff:ties", "staff:preview_message", "staff:act")


@pytest.fixture
def case(cast: Cast) -> Complaint:
    """A decided complaint of somebody else, with its letter, handled by `handler` in the head office."""
    case = factory.complaint(cast, at="issued", name=NAME, phone=PHONE, claim=CLAIM, narrative=NARRATIVE)
    return actions.attach_paper(
        case, actor=cast.handler.actor, now=factory.RECEIVED, file=factory.paper(case), name=f"{NAME}.pdf"
    )


@pytest.fixture
def people(cast: Cast) -> dict[str, Client]:
    """Everybody who does not handle the case, signed in."""
    extra = {
        role: staff(role, role, unit=cast.unit)
        for role in ("system_admin", "security_admin", "educator", "legal", "mediator")
    }
    given = {
        "stranger": cast.stranger,
        "colleague": cast.colleague,
        "auditor": cast.auditor,
        "executive": cast.executive,
        **extra,
    }
    return {name: sign_in(Client(), member.user) for name, member in given.items()}


def addresses(
    case: Complaint, space: str, verbs: Sequence[str] = ("accept", "approve_decision")
) -> list[tuple[str, str]]:
    """(route, path) of everything about `case` in a space, with these verbs; `{number}` still open."""
    letter = case.documents.first()
    party, code = case.parties.get().pk, letter.code if letter else "NONE"
    paper = Attachment.objects.filter(subject=case.pk).values_list("pk", flat=True).first() or uuid7()
    found = []
    for name, path in ONE_CASE.items():
        for verb in verbs if "{verb}" in path else ("",):
            if name.startswith(space):
                found.append((name, path.format(number="{number}", party=party, code=code, paper=paper, verb=verb)))
    return found


def answer(client: Client, method: str, path: str, number: str) -> tuple[int, str, str]:
    """Status, target and page, without the token of the form and any case number: the page repeats the address."""
    response = getattr(client, method)(path.format(number=number))
    page = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", response.content.decode())
    target = response.headers.get("Location", "")
    return response.status_code, re.sub(NUMBER, "N", target), re.sub(NUMBER, "N", page)


def test_every_route_is_known_here() -> None:
    assert sorted(route.name for route in routes()) == sorted({*ONE_CASE, *NO_CASE})
    assert {name for name, path in ONE_CASE.items() if "{number}" not in path} == set()


def test_list_routes_says_who_may_ask() -> None:
    out = StringIO()
    call_command("list_routes", "--json", stdout=out)
    found = {row["name"]: row["access"] for row in json.loads(out.getvalue().splitlines()[-1])}

    assert {name for name, access in found.items() if access == "own case" or access.endswith("with sight")} == set(
        ONE_CASE
    )
    assert set(found) == {*ONE_CASE, *NO_CASE}
    assert "closed" not in found.values()


def test_staff_without_sight_learn_nothing(case: Complaint, people: dict[str, Client]) -> None:
    events = Event.objects.count()
    for name, client in people.items():
        for route, path in addresses(case, "staff"):
            if name in MASKED_SIGHT and route in MASKED_HEAD:
                continue  # they see the masked head: see below
            for method in METHODS:
                theirs, nobodys = (answer(client, method, path, number) for number in (case.number, NOT_THERE))
                assert theirs == nobodys, (name, method, path)
                assert theirs[0] in (404, 405), (name, method, path)
    assert Event.objects.count() == events


def test_sessions_without_sight_learn_nothing_through_the_api(
    case: Complaint, people: dict[str, Client], settings
) -> None:
    """The same people at the addresses for programs: their session opens no more there than the pages do."""
    settings.API_RATE_PER_MINUTE = 1_000_000  # thousands of requests in a minute, which nobody else may send
    events = Event.objects.count()
    for name, client in people.items():
        for _route, path in addresses(case, "api", VERBS):
            for method in METHODS:
                theirs, nobodys = (answer(client, method, path, number) for number in (case.number, NOT_THERE))
                if name in MASKED_SIGHT:
                    assert theirs[0] in (200, 400, 404, 405), (name, method, path)
                    assert_nobody_in(theirs[2], f"{name} {method} {path}")
                    continue
                assert theirs == nobodys, (name, method, path)
                assert theirs[0] in (404, 405), (name, method, path)
    assert Event.objects.count() == events


def test_masked_sight_is_a_head_without_a_person(case: Complaint, people: dict[str, Client]) -> None:
    """Auditor and executive see that the case exists, how far it is and what may be done; never who or what was said."""
    for name in sorted(MASKED_SIGHT):
        for route, path in addresses(case, "staff", VERBS):
            for method in ("get", "post") if route != "staff:document" else ("get",):
                response = getattr(people[name], method)(path.format(number=case.number))
                assert response.status_code in (200, 400, 403, 404, 405, 409), (
                    name,
                    method,
                    path,
                    response.status_code,
                )
                assert_nobody_in(response.content.decode(), f"{name} {method} {path}")
    assert people["auditor"].get(f"/staff/cases/{case.number}/").status_code == 200


def test_lists_hold_masks_only(case: Complaint, people: dict[str, Client]) -> None:
    seen = set()
    for name, client in people.items():
        for path in STAFF_LISTS:
            page = client.get(path).content.decode()
            assert_nobody_in(page, f"{name} {path}")
            if case.number in page:
                seen.add(name)
    assert seen <= {"colleague", "auditor", "executive", "legal", "mediator"}
    assert "colleague" in seen


def test_unclaimed_case_is_masked_for_the_unit_and_hidden_from_others(cast: Cast, people: dict[str, Client]) -> None:
    case = factory.file(name=NAME, phone=PHONE, claim=CLAIM, narrative=NARRATIVE)
    address = f"/staff/cases/{case.number}/"

    page = people["colleague"].get(address)
    assert page.status_code == 200
    assert case.number in page.content.decode()
    assert_nobody_in(page.content.decode(), "colleague")
    assert people["stranger"].get(address).status_code == 404
    assert people["system_admin"].get(address).status_code == 404
    reveal = f"{address}reveal/{case.parties.get().pk}/phone/"
    assert people["colleague"].post(reveal, {"reason": "curious"}).status_code == 404


def test_finding_says_the_same_of_hidden_and_missing(case: Complaint, people: dict[str, Client]) -> None:
    """A colleague of the unit sees the masked row, as in the unit's list; to others the two pages are one."""
    for name in ("stranger", "system_admin"):
        answers = []
        for number in (case.number, NOT_THERE):
            found = people[name].get("/staff/find/", {"q": number})
            following = re.sub(
                r'(value=|": )"[A-Za-z0-9]{64}"|since=[0-9.]+',
                "",
                people[name].get(found.headers["Location"]).content.decode(),
            )
            answers.append(
                (found.status_code, *(re.sub(NUMBER, "N", text) for text in (found.headers["Location"], following)))
            )
        assert answers[0] == answers[1], name


def test_anonymous_visitors_are_sent_to_sign_in(case: Complaint) -> None:
    for route, path in [*addresses(case, "staff"), *addresses(case, "portal")]:
        for method in METHODS:
            theirs, nobodys = (answer(Client(), method, path, number) for number in (case.number, NOT_THERE))
            assert theirs == nobodys, (method, path)
            assert theirs[0] in ((302,) if route.startswith("staff") else (302, 405)), (method, path)


def test_another_consumer_finds_nothing(case: Complaint) -> None:
    """Signed in to a case of their own, every other number answers alike."""
    own = factory.file(phone="13611112222", name="周舟")
    client = Client()
    assert enter(client, own, phone="13611112222").status_code == 302

    with pinned(LATER):
        assert client.get(f"/track/{own.number}/").status_code == 200
        for _route, path in addresses(case, "portal"):
            for method in METHODS:
                theirs, nobodys = (answer(client, method, path, number) for number in (case.number, NOT_THERE))
                assert theirs == nobodys, (method, path)
                assert theirs[0] in (404, 405), (method, path)
        assert client.get(f"/track/{own.number}/letter/{case.documents.get().code}/").status_code == 404


def test_own_documents_do_not_open_through_another_number(cast: Cast, case: Complaint) -> None:
    """A handler's own case is no door to parties and letters of another one."""
    mine = factory.complaint(cast, at="received", phone="13611112222")
    actions.claim_complaint(mine, actor=cast.colleague.actor, now=factory.RECEIVED)
    client = sign_in(Client(), cast.colleague.user)

    assert client.get(f"/staff/cases/{mine.number}/documents/{case.documents.get().code}/").status_code == 404
    assert (
        client.post(f"/staff/cases/{mine.number}/reveal/{case.parties.get().pk}/phone/", {"reason": "x"}).status_code
        == 404
    )


def test_the_handler_sees_it_all(cast: Cast, case: Complaint) -> None:
    """The other half: with the same words in the same place, the pages of whoever may see do show them."""
    client = sign_in(Client(), cast.handler.user)

    page = client.get(f"/staff/cases/{case.number}/").content.decode()
    revealed = client.post(f"/staff/cases/{case.number}/reveal/{case.parties.get().pk}/phone/").content.decode()

    assert NARRATIVE in page and CLAIM in page
    assert NAME in page and PHONE not in page
    assert PHONE in revealed.replace(" ", "")
    assert client.get(f"/staff/cases/{case.number}/documents/{case.documents.get().code}/").status_code == 200


def assert_nobody_in(page: str, where: str) -> None:
    assert [word for word in (NAME, PHONE, CLAIM, NARRATIVE) if word in page] == [], where
