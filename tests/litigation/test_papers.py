"""Papers in versions with what is missing, the consumer's word on exactly them, and what makes everything final."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override
from pdfminer.high_level import extract_text

from cases.complaints import actions as complaints
from cases.evidence.models import Item
from cases.litigation import actions, handlers, papers
from cases.litigation.models import Draft, Litigation
from cases.litigation.panels import panels_of
from cases.litigation.rules import preparing
from cases.litigation.told import may_confirm, next_for_consumer
from cases.models import Message
from cases.notices.labels import sentence_of
from cases.notices.models import Notice
from jike.base.dates import pinned
from jike.base.errors import Refused
from jike.files import pdf, store
from jike.outbox import jobs
from jike.outbox.models import Job
from lending.models import Merchant
from tests.factories import complaints as complaint_factory
from tests.factories import litigations as factory
from tests.people import Cast

NOW = factory.moment_of("drafted")


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code for b in refused.value.blockers]


def text_of(draft: Draft) -> str:
    """What the PDF says, without the room between its characters."""
    return "".join(extract_text(io.BytesIO(store.read(draft.file))).split())


def asked_to_confirm(case: Litigation) -> int:
    return Message.objects.filter(
        case_id=case.pk, template="litigation/messages/confirm.2026-11", channel="inbox"
    ).count()


def test_a_paper_begins_with_what_the_matter_holds_and_reports_what_is_missing(cast: Cast) -> None:
    case = factory.litigation(cast, at="collecting")
    known = papers.known_of(case, "statement")
    assert (known["plaintiff_name"], known["plaintiff_phone"]) == ("王小明", "13800138000")
    assert known["defendant_name"] == case.merchant.name
    assert "13,950.00" in known["claims"] and "要求退款" in known["claims"]
    assert known["facts"] == "商户收费后停业，电话无人接听。"

    case = actions.draft_statement(case, actor=factory.counsel().actor, now=NOW, **known)

    draft = case.known_drafts["statement"]
    lacks = {
        "plaintiff_sex",
        "plaintiff_age",
        "plaintiff_ethnicity",
        "plaintiff_occupation",
        "plaintiff_address",
        "defendant_address",
    }
    assert set(draft.missing) == lacks
    panel = next(panel for panel in panels_of(case, [], now=NOW) if panel.code == "papers")
    told = " ".join(str(note) for item in panel.items for note in item.notes)
    assert panel.bars and ("ethnic group" in told or "民族" in told)
    assert asked_to_confirm(case) == 0


def test_a_new_version_leaves_the_one_before_and_begins_with_its_words(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    first = case.known_drafts["statement"]
    assert asked_to_confirm(case) == 1  # with the list everything was whole

    case = actions.draft_statement(
        case, actor=factory.counsel().actor, now=NOW, **(factory.STATEMENT | {"claims": "退还一万元。"})
    )

    second = case.known_drafts["statement"]
    assert (first.version, second.version) == (1, 2)
    assert papers.body_of(Draft.objects.get(pk=first.pk))["claims"] == factory.STATEMENT["claims"]
    assert papers.known_of(case, "statement")["claims"] == "退还一万元。"
    assert asked_to_confirm(case) == 2


def test_the_worker_prints_a_version_once_and_leaves_blanks_to_fill_in(cast: Cast) -> None:
    if not pdf.is_available()[0]:
        pytest.skip("no Pango here")
    case = factory.litigation(cast, at="collecting")
    factory.registered(case, cast, NOW)
    given = factory.STATEMENT | {"plaintiff_ethnicity": ""}
    case = actions.draft_statement(case, actor=factory.counsel().actor, now=NOW, **given)
    case = actions.draft_list(case, actor=factory.counsel().actor, now=NOW, **factory.LIST)
    Job.objects.exclude(topic="litigation.print_paper").delete()

    jobs.run_due()
    jobs.run_due()

    statement, listed = (case.paper_versions.get(kind=kind) for kind in ("statement", "evidence_list"))
    words = text_of(statement)
    assert "民事起诉状" in words and "上海市浦东新区人民法院" in words and "＿＿" in words
    rows = text_of(listed)
    assert "证据名称1" in rows and "书证" in rows and "证据目录" in rows
    assert case.events.filter(verb="litigation.issue_paper").count() == 2
    bodies = [str(job.body) + job.dedupe_key for job in Job.objects.all()]
    assert not any("王小明" in text for text in bodies)
    with pytest.raises(Refused) as refused:
        worker = handlers.machine_actor("outbox-worker")
        actions.issue_paper(case, actor=worker, now=NOW, draft=statement, file=statement.file)
    assert codes(refused) == ["paper.printed"]


def test_only_the_papers_that_were_read_are_confirmed_and_a_change_asks_anew(cast: Cast) -> None:
    case = factory.litigation(cast, at="drafted")
    consumer, read = factory.consumer_of(case), papers.set_sha256(case).hex()
    case = actions.draft_statement(
        case, actor=factory.counsel().actor, now=NOW, **(factory.STATEMENT | {"claims": "改"})
    )

    with pytest.raises(Refused) as refused:
        actions.confirm_papers(case, actor=consumer, now=NOW, sha256=read)
    assert codes(refused) == ["papers.changed"]

    case = actions.confirm_papers(case, actor=consumer, now=NOW, sha256=papers.set_sha256(case).hex())
    assert case.known_confirmation is not None and case.known_confirmation.actor_kind == "consumer"
    with override("en"):
        assert str(next_for_consumer(case)).startswith("You have confirmed your papers.")
    with pytest.raises(Refused) as refused:
        actions.confirm_papers(
            case, actor=factory.counsel().actor, now=NOW, sha256=papers.set_sha256(case).hex(), evidence=" "
        )
    assert codes(refused) == ["papers.confirmed", "evidence.missing"]


def test_sealing_names_everything_that_stands_against_it(cast: Cast) -> None:
    case = factory.litigation(cast, at="collecting")

    with pytest.raises(Refused) as refused:
        actions.seal_papers(case, actor=factory.counsel().actor, now=NOW)

    assert codes(refused) == ["paper.none", "paper.none", "papers.unconfirmed", "evidence.incomplete"]


@pytest.mark.rule("R50")
def test_an_item_that_lacks_something_or_a_bundle_of_other_evidence_bars_the_seal(cast: Cast) -> None:
    case = factory.litigation(cast, at="ready")
    matter = factory.complaint_of(case)
    assert preparing.unready(case) == []

    with_late = complaint_factory.examined(matter, b"%PDF-1.7 late", name="补充.pdf", now=NOW)
    complaints.register_evidence(matter, actor=cast.handler.actor, now=NOW)
    case = Litigation.objects.get(pk=case.pk)
    assert [b.code for b in preparing.unready(case)] == ["paper.stale", "evidence.incomplete"]

    factory.described(matter, cast, Item.objects.get(pk=with_late.pk), NOW)
    case = Litigation.objects.get(pk=case.pk)
    assert [b.code for b in preparing.unready(case)] == ["paper.stale", "bundle.none"]
    with pytest.raises(Refused) as refused:
        actions.confirm_papers(case, actor=factory.consumer_of(case), now=NOW, sha256=papers.set_sha256(case).hex())
    assert codes(refused) == ["paper.stale"]

    factory.bundled(case, cast, NOW)
    case = actions.draft_list(case, actor=factory.counsel().actor, now=NOW, **factory.LIST)
    assert [b.code for b in preparing.unready(case)] == ["papers.unconfirmed", "papers.unprinted"]
    factory.printed(case, cast, NOW)
    case = factory.confirmed(Litigation.objects.get(pk=case.pk), cast, NOW)
    assert preparing.unready(Litigation.objects.get(pk=case.pk)) == []


@pytest.mark.parametrize(
    "words", [{"source": "商户提交"}, {"summary": "另一内容"}, {"page_to": 2}, {"form": "original"}]
)
def test_every_column_of_the_list_makes_it_stale_and_a_stale_list_is_not_printed(
    words: dict[str, Any], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = factory.litigation(cast, at="drafted")
    case = actions.draft_list(case, actor=factory.counsel().actor, now=NOW, **factory.LIST)
    assert preparing.stale_papers(case) == []

    item = Item.objects.filter(case_id=case.matter_id).order_by("number").first()
    assert item is not None
    factory.described(factory.complaint_of(case), cast, item, NOW, **words)

    case = Litigation.objects.get(pk=case.pk)
    assert [b.code for b in preparing.stale_papers(case)] == ["paper.stale"]
    panel = next(panel for panel in panels_of(case, [], now=NOW) if panel.code == "papers")
    assert [item.act for item in panel.items if item.tone == "bad"] == ["draft_list"]
    monkeypatch.setattr(pdf, "is_available", lambda: (True, ""))
    job = Job.objects.get(dedupe_key=f"litigation.print_paper:{case.known_drafts['evidence_list'].pk}")
    with pinned(NOW):
        jobs.run_job(job.pk)
    assert case.paper_versions.get(kind="evidence_list", version=2).file_id is None
    told = Notice.objects.get(case_id=case.pk, code="court.redraft")
    assert told.user == factory.counsel().user
    with override("en"):
        assert f"{case.number}: a paper for the court was not printed" in sentence_of(told)


def test_a_defendant_with_another_number_makes_the_statement_stale_and_no_other_paper(cast: Cast) -> None:
    case = factory.litigation(cast, at="ready")
    assert case.merchant is not None
    code = case.merchant.uscc
    assert code in papers.html_of(case, case.known_drafts["statement"])

    Merchant.objects.filter(pk=case.merchant_id).update(uscc=f"{code[:16]}{'A' if code[16] != 'A' else 'B'}{code[17]}")

    case = Litigation.objects.get(pk=case.pk)
    assert [kind for kind, draft in case.known_drafts.items() if papers.is_stale(case, draft)] == ["statement"]
    assert [b.code for b in preparing.unready(case)] == ["paper.stale"]
    assert not may_confirm(case)


def test_another_court_is_chosen_and_the_papers_are_drafted_anew(cast: Cast) -> None:
    case = factory.litigation(cast, at="ready")
    given = {"ground": "receiver", "court": "上海市杨浦区人民法院"}

    case = actions.begin_collecting(case, actor=factory.counsel().actor, now=NOW, **given)

    assert (case.state, case.court, case.court_ground) == ("collecting", given["court"], "receiver")
    assert [b.code for b in preparing.unready(case)] == ["paper.stale", "paper.stale"]
    assert not may_confirm(case)


def test_what_happens_to_the_complaint_meanwhile_makes_the_bundle_no_other(cast: Cast) -> None:
    case = factory.litigation(cast, at="ready")
    matter = factory.complaint_of(case)
    complaint_factory.deciding(matter, cast, NOW)
    complaint_factory.decided(type(matter).objects.get(pk=matter.pk), cast, NOW)

    assert preparing.unready(Litigation.objects.get(pk=case.pk)) == []


def test_later_evidence_makes_a_new_version_and_the_earlier_one_stays(cast: Cast) -> None:
    case = factory.litigation(cast, at="docketed")
    now, counsel = factory.moment_of("docketed"), factory.counsel().actor
    with pytest.raises(Refused) as refused:
        actions.supplement_papers(case, actor=counsel, now=now)
    assert codes(refused) == ["seal.same"]

    matter = factory.complaint_of(case)
    late = complaint_factory.examined(matter, b"%PDF-1.7 late", name="补充.pdf", now=now)
    complaints.register_evidence(matter, actor=cast.handler.actor, now=now)
    factory.described(matter, cast, Item.objects.get(pk=late.pk), now)
    case = actions.draft_list(case, actor=counsel, now=now, **factory.LIST)
    factory.printed(case, cast, now)
    case = Litigation.objects.get(pk=case.pk)
    with pytest.raises(Refused) as refused:
        actions.supplement_papers(case, actor=counsel, now=now)
    assert codes(refused) == ["papers.unconfirmed", "bundle.none"]

    case = factory.confirmed(case, cast, now)
    factory.bundled(case, cast, now + timedelta(minutes=1))
    case = actions.supplement_papers(case, actor=counsel, now=now + timedelta(minutes=2))

    versions = list(case.seals.order_by("version").values_list("version", "bundle__version"))
    assert versions == [(1, 1), (2, 2)] and case.state == "docketed"


def test_nothing_goes_to_a_court_before_a_second_person_released_the_bundle(cast: Cast) -> None:
    case = factory.litigation(cast, at="sealed")
    given = {"filed_on": factory.FILED, "receipt": "回执"}
    later = factory.moment_of("released")

    with pytest.raises(Refused) as refused:
        actions.file_claim(case, actor=factory.counsel().actor, now=later, **given)
    assert codes(refused) == ["bundle.not_released"]

    factory.released(case, cast, later)
    case = actions.file_claim(Litigation.objects.get(pk=case.pk), actor=factory.counsel().actor, now=later, **given)
    assert case.state == "filed"


@pytest.mark.rule("R46")
def test_only_what_an_outside_body_mediated_is_taken_to_confirmation(cast: Cast) -> None:
    case = factory.litigation(cast, at="collecting")
    with pytest.raises(Refused) as refused:
        actions.draft_confirmation(case, actor=factory.counsel().actor, now=NOW, body="某调解委员会")
    assert codes(refused) == ["form.internal"]
