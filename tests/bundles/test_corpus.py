"""Files from outside in one bundle: whoever has a folder of them (`good/`, `hostile/`, FACTS.jsonl) names it in JIKE_EVIDENCE_CORPUS.

Every file goes the way a consumer's goes. What became of each is written as a table into JIKE_CORPUS_TABLE, if that is set.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from cases.attachments import receiving
from cases.attachments.models import Attachment
from cases.bundles import plan
from cases.bundles.models import Binding
from cases.complaints.models import Complaint
from cases.copies.models import Pages
from cases.evidence.models import Item
from jike.base.errors import Refused
from jike.files.receiving import Received
from jike.outbox import jobs
from tests.bundles.conftest import Desk
from tests.bundles.test_building import checked, unpacked
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED, consumer_of
from tests.people import Cast

CORPUS = os.environ.get("JIKE_EVIDENCE_CORPUS", "")
pytestmark = pytest.mark.skipif(not CORPUS, reason="JIKE_EVIDENCE_CORPUS names no folder of files")


def handed_in(case: Complaint, facts: dict[str, Any], nth: int) -> Attachment | str:
    """The paper, or why it was refused at the door."""
    path = Path(CORPUS) / facts["file"]
    content, at = path.read_bytes(), RECEIVED + timedelta(seconds=nth)
    try:
        file = receiving.seal_upload(
            case.pk, Received(path.name, content, size=len(content), is_left_out=False), now=at
        )
    except Refused as no:
        assert all(str(blocker.message) for blocker in no.blockers)
        return "、".join(str(blocker.message) for blocker in no.blockers)
    words = {"name": path.name, "about": "evidence", "captured": "file"}
    return receiving.register(case.pk, file, actor=consumer_of(case), now=at, **words)


def told(paper: Attachment) -> tuple[str, str]:
    """The verdict, and why or on how many pages."""
    examination = paper.examination
    if examination.verdict != "accepted":
        return examination.verdict, "、".join(examination.reasons)
    pages = Pages.objects.filter(attachment=paper).first()
    if pages is None:
        return "accepted", "not in the register"
    return "accepted", f"{pages.count} pages" if pages.count else f"a slip ({pages.outcome})"


def test_files_from_outside_are_taken_or_refused_and_bound_in_one(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.attachments.rules.MOST_FILES", 1_000)
    monkeypatch.setattr("cases.attachments.rules.MOST_BYTES", 10**9)
    listed = [json.loads(line) for line in (Path(CORPUS) / "FACTS.jsonl").read_text().splitlines()]
    case = factory.complaint(cast, at="claimed")
    taken = [(facts, handed_in(case, facts, nth)) for nth, facts in enumerate(listed)]
    jobs.run_due()
    desk = Desk(Complaint.objects.get(pk=case.pk), cast)
    desk.do("register")
    jobs.run_due()
    for item in desk.items():
        desk.describe(item.label, title=f"证据名称{item.label}")

    rows, expected = [], {}
    for facts, paper in taken:
        if isinstance(paper, str):
            rows.append((facts["file"], "refused at the door", paper))
            assert not facts["file"].startswith("good/"), (facts["file"], paper)
            continue
        paper = Attachment.objects.select_related("examination", "file").get(pk=paper.pk)
        verdict, why = told(paper)
        rows.append((facts["file"], verdict, why))
        assert why
        if facts["file"].startswith("good/"):
            assert verdict == "accepted", (facts["file"], why)
        if (item := Item.objects.filter(pk=paper.pk).first()) is not None:
            expected[item.pk] = max(1, Pages.objects.get(attachment=paper).count)
            if "pdf" in facts and facts["file"].startswith("good/"):
                assert expected[item.pk] == facts["pdf"]["pages"]
    if table := os.environ.get("JIKE_CORPUS_TABLE"):
        lines = ["| file | verdict | why, or pages |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
        Path(table).write_text("\n".join(lines) + "\n")

    bundle = desk.build()
    document, made = desk.document(bundle), Binding.objects.get(pk=bundle.pk)
    assert len(plan.read(bundle)["items"]) == len(expected) > 40
    with pikepdf.open(io.BytesIO(document)) as found, found.open_outline() as outline:
        starts = {
            entry.title: found.pages.index(pikepdf.Page(entry.destination[0]))
            for top in outline.root
            for entry in (top, *top.children)
        }
        assert len(found.pages) == made.pages
    house = (
        starts["1 证据名称1"] + made.pages - starts["时间线与哈希清单"]
    )  # cover and index before, course and hashes behind
    assert made.pages == house + sum(expected.values())
    (tmp_path / "bundle.pdf").write_bytes(document)
    assert subprocess.run(["qpdf", "--check", tmp_path / "bundle.pdf"], capture_output=True).returncode == 0
    assert "EVERYTHING FITS" in checked(unpacked(desk.package(bundle), tmp_path / "package")).stdout
    if table:
        Path(table).with_suffix(".pdf").write_bytes(document)
