"""Packs for an authority: whose data are in them, on what ground they are made, who lets them out, who got them."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pdfminer.high_level import extract_text

from cases.complaints import actions as complaints
from cases.complaints.models import Complaint
from cases.evidence.models import Custody, Item
from cases.police import actions, forms, handlers, manifest
from cases.police.issued import Packs
from cases.police.models import Pack, PackTaking, PoliceReport
from cases.police.page import packs_context
from cases.queries import sight_of
from jike.files import store
from jike.outbox import jobs
from jike.outbox.models import Job
from jike.outbox.working import run_jobs
from jike.privacy import open_sealed
from tests.accounts.signing_in import sign_in
from tests.evidence.conftest import WORDS
from tests.factories import complaints as complaint_factory
from tests.factories import police as factory
from tests.factories.complaints import PHONE, RECEIVED
from tests.people import Cast
from tests.police.test_opening import refusal

NOW = RECEIVED + timedelta(days=1)
TELLTALE = "%PDF-1.7 原件内容：张三的身份证 110101199003071234"


def prepared(cast: Cast, *, by_staff: bool = False) -> tuple[PoliceReport, Item]:
    """A ready report whose complaint has one paper in its register, handed in by the consumer or by staff."""
    origin = factory.complaint(cast)
    by = cast.handler.actor if by_staff else None
    complaint_factory.examined(origin, TELLTALE.encode(), name="转账记录.pdf", by=by, pages=1)
    given = {"actor": cast.handler.actor, "now": RECEIVED + timedelta(hours=2)}
    origin = complaints.register_evidence(origin, **given)
    item = Item.objects.get(case_id=origin.pk)
    origin = complaints.describe_evidence(origin, **given, item=item, **WORDS | {"title": "转账记录", "page_to": 1})
    complaint_factory.paged(origin)
    return factory.report(cast, at="ready", origin=Complaint.objects.get(pk=origin.pk)), item


def build(case: PoliceReport, cast: Cast, **given: object) -> Pack:
    """Ask for a pack and let the worker make it."""
    actions.build_pack(case, actor=cast.handler.actor, now=NOW, **factory.PACK | given)
    run_jobs(list(Job.objects.filter(topic="police.build_pack").values_list("pk", flat=True)))
    found = factory.last_pack(case)
    assert found is not None
    return found


@pytest.mark.rule("R55")
def test_r55_a_pack_holds_the_consumers_own_data_and_the_ground_is_on_record(cast: Cast) -> None:
    case, item = prepared(cast)
    pack = build(case, cast, items=[item])

    said = manifest.read(pack)
    assert said["reporter"] == {"name": "王小明", "phone": PHONE, "capacity": "控告人（被害人）"}
    assert (said["loss_cny"], said["losses"][0]["cny"]) == ("12600.00", "12600.00")
    assert [(paper["label"], paper["title"], paper["is_covered"]) for paper in said["papers"]] == [
        ("1", "转账记录", False)
    ]
    assert said["papers"][0]["sha256"] == bytes(item.attachment.file.sha256).hex()
    text = extract_text(io.BytesIO(store.read(pack.made.file)))
    for word in (
        factory.ORGAN,
        "报案时提交",
        "本人要求并单独同意",
        "王小明",
        "失去联系",
        "蒋某",
        "12600.00",
        pack.code,
    ):
        assert word in text.replace("\n", ""), word
    case = PoliceReport.objects.get(pk=case.pk)
    told = case.events.get(verb="police.build_pack").data
    assert (told["basis"], told["pack"]) == ("consent", str(pack.pk)) and "蒋某" not in json.dumps(told)
    row = Pack.objects.get(pk=pack.pk)
    assert (row.recipient, row.basis, open_sealed(row, "purpose")) == (factory.ORGAN, "consent", "报案时提交")
    issued = Packs().by_code(pack.code)
    assert issued is not None and issued.sha256 == bytes(pack.made.file.sha256).hex()
    assert Packs().by_hash(bytes(pack.made.file.sha256)) == issued and Packs().by_code("NONE") is None


@pytest.mark.rule("R55")
def test_r55_originals_stay_sealed_and_are_named_by_hash_alone(cast: Cast) -> None:
    case, item = prepared(cast)
    before = list(Custody.objects.filter(attachment_id=item.pk).values_list("seq", "act"))
    pack = build(case, cast, items=[item])

    everything = json.dumps(manifest.read(pack)) + extract_text(io.BytesIO(store.read(pack.made.file)))
    assert "110101199003071234" not in everything and "张三" not in everything
    assert store.read(item.attachment.file) == TELLTALE.encode()
    assert list(Custody.objects.filter(attachment_id=item.pk).values_list("seq", "act")) == before


@pytest.mark.rule("R55")
def test_r55_what_others_handed_in_is_listed_only_after_a_person_looked_what_is_covered(cast: Cast) -> None:
    case, item = prepared(cast, by_staff=True)
    given = {"case": case, "actor": cast.handler.actor, "now": NOW, "items": [item]}
    assert refusal(actions.build_pack, **given, **factory.PACK) == ["item.of_others"]

    by = {"actor": cast.handler.actor, "now": NOW, "item": item, "audience": "authority"}
    complaints.release_evidence(Complaint.objects.get(pk=case.origin_id), **by)
    pack = build(PoliceReport.objects.get(pk=case.pk), cast, items=[item])
    assert pack.items == 1


def test_a_paper_of_another_case_is_never_listed(cast: Cast) -> None:
    case, _item = prepared(cast)
    other = factory.complaint(cast, phone="13900139000")
    complaint_factory.examined(other, b"%PDF-1.7 other", pages=1)
    complaints.register_evidence(other, actor=cast.handler.actor, now=NOW)
    foreign = Item.objects.get(case_id=other.pk)

    given = {"case": case, "actor": cast.handler.actor, "now": NOW, "items": [foreign]}
    assert refusal(actions.build_pack, **given, **factory.PACK) == ["items.elsewhere"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"recipient": " "}, "recipient.missing"),
        ({"basis": "because"}, "basis.unknown"),
        ({"reference": ""}, "reference.missing"),
        ({"purpose": ""}, "purpose.missing"),
    ],
)
def test_no_pack_without_recipient_basis_and_purpose(changed: dict[str, str], code: str, cast: Cast) -> None:
    case = factory.report(cast, at="ready")

    given = {"actor": cast.handler.actor, "now": NOW, "items": []}
    assert refusal(actions.build_pack, case=case, **given, **factory.PACK | changed) == [code]


def test_a_pack_leaves_by_a_second_person_to_named_hands_and_only_while_its_words_hold(cast: Cast) -> None:
    case = factory.report(cast, at="packed")
    by = {"actor": cast.handler.actor, "now": NOW}
    hand = {"pack": factory.last_pack(case), "given_to": "李警官"}

    assert refusal(actions.hand_out_pack, case=case, **by, **hand) == ["pack.not_released"]
    case = factory.STEPS["ask"](case, cast, NOW)
    payload = bytes(case.approvals.get(verdict="").payload_sha256).hex()
    vote = {"verdict": "approved", "payload": payload, "now": NOW}
    own = refusal(actions.release_pack, case=case, actor=cast.handler.actor, **vote)
    assert set(own) >= {"actor.no_power", "actor.own_work"}
    stale = vote | {"payload": "00" * 32}
    assert refusal(actions.release_pack, case=case, actor=cast.supervisor.actor, **stale) == ["approval.changed"]
    assert sight_of(case, cast.supervisor.actor) == "full"
    case = actions.release_pack(case, actor=cast.supervisor.actor, **vote)

    case = actions.hand_out_pack(case, **by, **hand)
    taking = PackTaking.objects.get(pack=hand["pack"])
    assert (open_sealed(taking, "given_to"), taking.taken_by) == ("李警官", cast.handler.user.pk)
    assert refusal(actions.ask_pack_release, case=case, **by, pack=hand["pack"]) == ["pack.released"]
    case = actions.prepare_again(case, **by, reason="补充")
    case = actions.draft_statement(case, **by, facts="改过的事实。")
    for step in ("confirm", "ready"):
        case = factory.STEPS[step](case, cast, NOW)
    assert refusal(actions.hand_out_pack, case=case, **by, **hand) == ["pack.outdated"]


def test_a_pack_that_is_returned_does_not_leave(cast: Cast) -> None:
    case = factory.report(cast, at="asked")

    case = factory.voted(case, cast, NOW, verdict="returned")
    hand = {"pack": factory.last_pack(case), "given_to": "李警官"}
    assert refusal(actions.hand_out_pack, case=case, actor=cast.handler.actor, now=NOW, **hand) == ["pack.not_released"]
    assert packs_context(case, cast.handler.actor, now=NOW)["shelves"][0].may_ask


def test_the_worker_makes_a_pack_once_however_often_it_comes(cast: Cast) -> None:
    case = factory.report(cast, at="ready")
    pack = build(case, cast)
    first = pack.made.made_at

    jobs.post("police.build_pack", key="again", body={"pack": str(pack.pk)}, subject=case.pk, now=NOW)
    run_jobs(list(Job.objects.filter(dedupe_key="again").values_list("pk", flat=True)))
    assert Job.objects.get(dedupe_key="again").state == Job.State.DONE
    assert Pack.objects.get(pk=pack.pk).made.made_at == first
    assert PoliceReport.objects.get(pk=case.pk).events.filter(verb="police.issue_pack").count() == 1


def test_the_page_shows_packs_and_hands_them_over_only_to_who_may(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="released")
    pack = factory.last_pack(case)
    address = f"/staff/cases/{case.number}/packs/"
    sign_in(client, cast.handler.user)

    page = client.get(address).content.decode()
    assert factory.ORGAN in page and "李警官" not in page
    assert client.post(f"{address}{pack.pk}/hand-over/", {"given_to": " ", "key": "a"}).status_code == 400
    assert not PackTaking.objects.exists()
    answer = client.post(f"{address}{pack.pk}/hand-over/", {"given_to": "李警官", "key": "b"})
    assert answer.status_code == 200 and answer.content == store.read(pack.made.file)
    assert "attachment" in answer.headers["Content-Disposition"] and PackTaking.objects.count() == 1
    assert "李警官" in client.get(address).content.decode()
    for stranger in (cast.colleague, cast.stranger):
        other = Client()
        sign_in(other, stranger.user)
        assert other.get(address).status_code == 404
        assert other.post(f"{address}{pack.pk}/look/").status_code == 404
        assert other.post(f"{address}{pack.pk}/hand-over/", {"given_to": "x"}).status_code == 404


def test_a_pack_before_its_release_is_looked_at_and_not_taken(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="asked")
    pack = factory.last_pack(case)
    sign_in(client, cast.handler.user)
    address = f"/staff/cases/{case.number}/packs/{pack.pk}"

    assert client.post(f"{address}/look/").status_code == 200
    assert client.post(f"{address}/hand-over/", {"given_to": "李警官", "key": "b"}).status_code == 409
    assert not PackTaking.objects.exists()


def test_a_loss_that_changes_after_the_release_keeps_the_pack_in_until_it_is_confirmed_again(cast: Cast) -> None:
    case = factory.report(cast, at="released")
    by = {"actor": cast.handler.actor, "now": NOW}
    hand = {"pack": factory.last_pack(case), "given_to": "李警官"}
    case = actions.prepare_again(case, **by, reason="漏了一笔")
    case = actions.add_loss(case, **by, **factory.LOSS | {"amount_cny": Decimal("400.00")})

    assert not case.is_statement_confirmed
    assert refusal(actions.mark_ready, case=case, **by) == ["statement.unconfirmed"]
    old = {"sha256": factory.hash_of(case), **factory.SAID}
    assert refusal(actions.confirm_statement, case=case, **by, **old) == ["statement.losses_changed"]
    for step in ("state", "confirm", "ready"):
        case = factory.STEPS[step](case, cast, NOW)
    assert refusal(actions.hand_out_pack, case=case, **by, **hand) == ["pack.outdated"]
    house = {"accepted_on": NOW.date(), **factory.REPORT, "reported_by": "house"}
    assert refusal(actions.record_report, case=case, **by, **house) == ["pack.not_released"]


def test_the_losses_of_a_pack_are_compared_and_not_only_its_statement(cast: Cast) -> None:
    case = factory.report(cast, at="released")
    pack = factory.last_pack(case)
    assert manifest.still_fits(pack, case)

    case.known_losses[0].amount_cny += 1
    assert not manifest.still_fits(pack, case)


def test_a_capacity_that_changes_keeps_the_pack_in_and_never_while_it_is_voted_on(cast: Cast) -> None:
    case = factory.report(cast, at="asked")
    by = {"actor": cast.handler.actor, "now": NOW}
    other = {"capacity": "reporter", "reason": "Reason"}

    assert refusal(actions.state_capacity, case=case, **by, **other) == ["approval.open"]
    case = actions.state_capacity(factory.voted(case, cast, NOW), **by, **other)
    hand = {"pack": factory.last_pack(case), "given_to": "李警官"}
    assert refusal(actions.hand_out_pack, case=case, **by, **hand) == ["pack.outdated"]


def test_a_released_pack_is_handed_over_and_no_more_looked_at(cast: Cast, client: Client) -> None:
    case = factory.report(cast, at="released")
    sign_in(client, cast.handler.user)
    address = f"/staff/cases/{case.number}/packs/"

    assert client.post(f"{address}{factory.last_pack(case).pk}/look/").status_code == 409
    assert "/look/" not in client.get(address).content.decode() and not PackTaking.objects.exists()


def test_a_worker_that_comes_second_finds_the_pack_finished_and_fails_no_job(cast: Cast) -> None:
    case = factory.report(cast, at="ready")
    pack = build(case, cast)

    handlers._issue(pack, {"pack": pack, "file": pack.made.file, "pages": 1})
    assert PoliceReport.objects.get(pk=case.pk).events.filter(verb="police.issue_pack").count() == 1


def test_a_pack_without_losses_says_that_the_table_is_empty_and_waives_nothing(cast: Cast) -> None:
    case = factory.report(cast, at="complete")
    case = actions.strike_loss(case, actor=cast.handler.actor, now=NOW, loss=case.losses.get(), reason="x")
    for step in ("state", "confirm", "ready"):
        case = factory.STEPS[step](case, cast, NOW)

    text = extract_text(io.BytesIO(store.read(build(case, cast).made.file))).replace("\n", "")
    assert "损失明细未填写" in text and "未主张" not in text


def test_whoever_handles_the_report_without_sight_of_the_complaint_is_offered_nothing_of_it(cast: Cast) -> None:
    case, item = prepared(cast)
    officer = cast.colleague
    case = actions.assign_report(case, actor=cast.supervisor.actor, now=NOW, to=officer.user)
    assert sight_of(case, officer.actor) == "full" and sight_of(case.origin, officer.actor) != "full"

    for form, name in ((forms.SettleForm, "paper"), (forms.LossForm, "paper"), (forms.PackForm, "items")):
        assert not form(case=case, actor=officer.actor).fields[name].queryset.exists(), form
        assert form(case=case, actor=cast.supervisor.actor).fields[name].queryset.exists(), form
    given = {"case": case, "actor": officer.actor, "now": NOW}
    assert refusal(actions.build_pack, **given, **factory.PACK, items=[item]) == ["items.elsewhere"]
    case = actions.prepare_again(case, actor=officer.actor, now=NOW, reason="x")
    paper = {**factory.LOSS, "paper": item.attachment}
    assert refusal(actions.add_loss, **given | {"case": case}, **paper) == ["paper.elsewhere"]
