"""The command `bundle`: built or reused, whole file or none, every reason named."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.bundles.models import Binding, Bundle
from cases.models import Event
from jike.files import store
from jike.outbox.models import Job
from tests.attachments import good
from tests.bundles.conftest import MAIL, Desk, desk_of
from tests.evidence.conftest import register_of
from tests.factories import complaints as factory
from tests.people import Cast

SMALL = (("合同.pdf", good.paper(1)), ("往来邮件.eml", MAIL.encode()))


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return desk_of(cast, SMALL)


def run(number: str, out: Path, *words: str) -> str:
    told = StringIO()
    call_command("bundle", number, "--out", str(out), *words, stdout=told)
    return told.getvalue()


def refused(capsys: Any, number: str, out: Path) -> list[dict[str, str]]:
    told = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("bundle", number, "--out", str(out), "--json", stdout=told)
    assert ended.value.code == 1 and not out.exists()
    return json.loads(told.getvalue().splitlines()[-1])["blockers"]


def test_it_is_built_here_then_reused_and_its_hash_is_told(desk: Desk, tmp_path: Path) -> None:
    pdf, package = tmp_path / "bundle.pdf", tmp_path / "bundle.zip"
    package.write_text("an earlier one")

    digest = run(desk.case.number, pdf, "--sha256").strip()
    again = json.loads(run(desk.case.number, package, "--package", "--json").splitlines()[-1])

    made = Binding.objects.get()
    assert digest == hashlib.sha256(pdf.read_bytes()).hexdigest() == bytes(made.document.sha256).hex()
    assert again == {
        "number": desk.case.number, "bundle": str(made.pk), "profile": "court", "version": 1, "items": 2, "pages": made.pages,
        "signed": made.is_signed, "released": False, "reused": True, "file": str(package),
        "sha256": hashlib.sha256(package.read_bytes()).hexdigest(),
    }  # fmt: skip
    assert "check.py" in zipfile.ZipFile(package).namelist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle.pdf", "bundle.zip"]
    assert Event.objects.get(verb="complaints.build_bundle").actor_kind == "machine"


def test_gaps_are_named_and_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    desk.describe("1", proves="")
    desk.describe("2", summary="")

    with pytest.raises(CommandError, match=r"1“分期合同”.*证明对象.*\n2“分期合同”.*摘要"):
        run(desk.case.number, tmp_path / "b.pdf")

    assert list(tmp_path.iterdir()) == [] and not Bundle.objects.exists()


def test_papers_without_a_register_are_told_where_to_go(cast: Cast, tmp_path: Path, capsys: Any) -> None:
    case = register_of(cast, papers=2).case
    without_papers = factory.complaint(cast, at="claimed", phone="13900001111")

    found = refused(capsys, case.number, tmp_path / "b.pdf")

    assert [blocker["code"] for blocker in found] == ["list.empty", "papers.unregistered"]
    assert f"/staff/cases/{case.number}/evidence/" in found[1]["message"] and "2" in found[1]["message"]
    (alone,) = refused(capsys, without_papers.number, tmp_path / "b.pdf")
    assert alone["code"] == "list.empty"


def test_what_was_halted_is_named_and_tried_again(desk: Desk, tmp_path: Path, capsys: Any) -> None:
    where = store._path(desk.item("2").attachment.file.scope, bytes(desk.item("2").attachment.file.sha256))
    whole = where.read_bytes()
    where.chmod(0o600)
    where.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])

    (blocker,) = refused(capsys, desk.case.number, tmp_path / "b.pdf")
    assert blocker["code"] == "original.damaged"

    where.write_bytes(whole)
    run(desk.case.number, tmp_path / "b.pdf")
    assert Binding.objects.count() == 1


def test_one_that_waits_for_a_worker_is_made_here(desk: Desk, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tests.bundles.conftest.jobs.run_due", lambda: None)
    waiting = desk.build()

    run(desk.case.number, tmp_path / "b.pdf")

    assert Binding.objects.get().pk == waiting.pk and Job.objects.get(topic="bundles.build").state == "done"


@pytest.mark.parametrize("words", [["TS20260928-99999"], ["--without", "9"], ["elsewhere"]])
def test_what_cannot_be_is_said(desk: Desk, tmp_path: Path, words: list[str]) -> None:
    number = words[0] if words[0].startswith("TS") else desk.case.number
    out = tmp_path / "none" / "b.pdf" if words == ["elsewhere"] else tmp_path / "b.pdf"

    with pytest.raises(CommandError):
        run(number, out, *(words if words[0].startswith("--") else []))

    assert list(tmp_path.iterdir()) == []
