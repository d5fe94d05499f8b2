"""The decision letter says every word of the decision, paragraph by paragraph."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from types import SimpleNamespace

from cases.complaints.handlers import render_letter
from cases.complaints.letters import decision_letter_html
from jike.files.models import StoredFile
from tests.factories import complaints as factory
from tests.people import Cast

PROOF = {"seq": "7", "digest": "d" * 64, "mac": "m" * 64}


def test_letter_prints_every_part_of_the_decision(cast: Cast, monkeypatch) -> None:
    words = factory.DECISION | {"findings": "第一段事实。\n第二段事实。", "redress_cny": Decimal("13950")}
    monkeypatch.setattr(factory, "DECISION", words)
    case = factory.complaint(cast, at="decided", claim="退款。\n道歉。")

    letter = decision_letter_html(
        case, case.decision, code="ABCD-EFGH-JKMN", proof=PROOF, verify_url="http://127.0.0.1/verify/"
    )
    paragraphs = [html.unescape(found) for found in re.findall(r"<p[^>]*>(.*?)</p>", letter)]

    assert {"退款。", "道歉。", "第一段事实。", "第二段事实。"} <= set(paragraphs)
    assert {words[part] for part in ("basis", "reasons", "redress", "remedies")} <= set(paragraphs)
    assert "人民币 13,950.00 元" in letter
    assert all(word in letter for word in (case.number, "ABCD-EFGH-JKMN", *PROOF.values()))


def test_letter_is_the_same_every_time_and_names_the_vendored_font_alone(cast: Cast) -> None:
    case = factory.complaint(cast, at="decided")

    first, second = (
        decision_letter_html(case, case.decision, code="A", proof=PROOF, verify_url="http://127.0.0.1/") for _ in "12"
    )

    assert first == second
    assert re.findall(r"font-family: ([^;]+);", first) == ['"Jike Sans"']


def test_letter_rendered_again_after_a_crash_is_the_same_file(cast: Cast) -> None:
    """The first rendering dies before its event: nothing names the file yet, and the second makes the same one."""
    case = factory.complaint(cast, at="decided")
    job = SimpleNamespace(body={"case": str(case.pk), "decision": str(case.decision_id)})

    first, second = render_letter(job), render_letter(job)
    second()

    assert first is not None
    assert StoredFile.objects.filter(scope=case.pk).count() == 1
    assert case.documents.get().file == StoredFile.objects.get(scope=case.pk)
