"""A bundle: every page in its place, the numbers true, the same inputs the same manifest, a checker that needs nothing of ours."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from pdfminer.high_level import extract_text

from cases.bundles import plan
from cases.bundles.models import Binding, Bundle, Halt, Stage
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.evidence.models import Custody
from cases.models import Event
from jike import signatures
from jike.base.errors import Refused
from jike.files import store
from jike.files.covers import Area
from jike.ledger import verify
from jike.outbox import jobs
from jike.privacy import open_sealed
from jike.web.verify import issued
from lending.models import Merchant
from tests.bundles.conftest import PAPERS, Desk
from tests.evidence.conftest import LATER
from tests.factories import mediations
from tests.factories.complaints import consumer_of


def pages_of(document: bytes) -> list[str]:
    """The words of each page."""
    with pikepdf.open(io.BytesIO(document)) as found:
        count = len(found.pages)
    return [extract_text(io.BytesIO(document), page_numbers=[number]) for number in range(count)]


def targets_of(document: bytes) -> dict[str, int]:
    """Where each bookmark leads, counted from 1."""
    with pikepdf.open(io.BytesIO(document)) as found, found.open_outline() as outline:
        numbers = {page.obj.objgen: page.index + 1 for page in found.pages}
        return {
            item.title: numbers[item.destination[0].objgen] for top in outline.root for item in (top, *top.children)
        }


def test_every_page_is_there_numbered_and_where_its_bookmark_leads(desk: Desk) -> None:
    bundle = desk.build()

    document, made = desk.document(bundle), Binding.objects.get(pk=bundle.pk)
    words = pages_of(document)
    # cover, index, three of the contract, photo, mail, slip of the recording, invoice, course and hashes
    assert made.pages == len(words) == 2 + 3 + 1 + 1 + 1 + 1 + 2
    for number, page in enumerate(words, start=1):
        assert f"第{number}页 / 共{made.pages}页" in page
    assert targets_of(document) == {
        "封面": 1, "证据目录": 2, "1 证据名称1": 3, "2 证据名称2": 6, "3 证据名称3": 7, "4 证据名称4": 8, "5 证据名称5": 9, "时间线与哈希清单": 10,
    }  # fmt: skip
    assert [re.search(r"证据 (\d+)", page)[1] for page in words[2:9]] == ["1", "1", "1", "2", "3", "4", "5"]  # type: ignore[index]
    assert "请按合同退款" in words[6] and "1:01" in words[7] + " 1:01"


def test_the_index_names_the_real_pages_and_leads_to_them(desk: Desk) -> None:
    document = desk.document(desk.build())

    with pikepdf.open(io.BytesIO(document)) as found:
        numbers = {page.obj.objgen: page.index + 1 for page in found.pages}
        links = [numbers[link.Dest[0].objgen] for link in found.pages[1].obj.get("/Annots", [])]
    said = re.findall(r"(?m)^(\d+)(?:–(\d+))?$", pages_of(document)[1])
    assert sorted(set(links)) == [3, 6, 7, 8, 9]
    assert {int(first) for first, _last in said} >= {3, 6, 7, 8, 9} and ("3", "5") in said


def test_originals_lie_inside_byte_for_byte(desk: Desk) -> None:
    with pikepdf.open(io.BytesIO(desk.document(desk.build()))) as found:
        inside = {name: spec.get_file().read_bytes() for name, spec in found.attachments.items()}

    assert [inside[f"{n} {name}"] for n, (name, _content) in enumerate(PAPERS, 1)] == [c for _name, c in PAPERS]
    assert json.loads(inside["manifest.json"])["form"] == plan.FORM


def test_the_document_is_signed_and_a_flipped_byte_is_seen(desk: Desk) -> None:
    document = desk.document(desk.build())

    assert signatures.verify(io.BytesIO(document), is_ours=True).is_intact
    at = document.index(b"/Contents") - 2_000
    changed = document[:at] + bytes([document[at] ^ 1]) + document[at + 1 :]
    assert not signatures.verify(io.BytesIO(changed), is_ours=True).is_intact


def unpacked(package: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(package)) as packed:
        packed.extractall(folder)
    return folder


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(folder / "check.py")], capture_output=True, text=True, check=False)


def test_the_package_checks_itself_without_us(desk: Desk, tmp_path: Path) -> None:
    folder = unpacked(desk.package(desk.build()), tmp_path)

    done = checked(folder)
    assert done.returncode == 0 and "EVERYTHING FITS" in done.stdout, done.stdout + done.stderr
    assert done.stdout.count("sealed in the ledger before") == len(PAPERS)
    assert "OK     signature 1" in done.stdout
    assert "import pikepdf" not in (folder / "check.py").read_text()


def test_the_package_notices_whatever_is_changed_in_it(desk: Desk, tmp_path: Path) -> None:
    folder = unpacked(desk.package(desk.build()), tmp_path)
    first = {path.parent.name: path for path in sorted(folder.glob("*/*"), reverse=True)}
    for path in (first["originals"], first["proofs"], folder / "manifest.json", folder / "bundle.pdf"):
        content = path.read_bytes()
        path.write_bytes(
            content[: len(content) // 3] + bytes([content[len(content) // 3] ^ 1]) + content[len(content) // 3 + 1 :]
        )
        done = checked(folder)
        assert done.returncode == 1 and "WRONG" in done.stdout + done.stderr, path
        path.write_bytes(content)
    assert checked(folder).returncode == 0

    (folder / "originals" / "9 more.txt").write_text("more")
    assert checked(folder).returncode == 1


def test_what_is_covered_for_a_reader_is_nowhere_in_the_bundle(desk: Desk) -> None:
    given = {"actor": desk.cast.handler.actor, "now": LATER}
    with pytest.raises(Refused) as refused:
        desk.build("mediation")
    assert {blocker.code for blocker in refused.value.blockers} == {"item.uncopied"}
    for label in ("1", "2", "5"):
        actions.release_evidence(desk.case, **given, item=desk.item(label), audience="merchant")
    everything = [Area(1, 0.0, 0.0, 1.0, 0.9, "other")]
    actions.redact_evidence(desk.case, **given, item=desk.item("3"), audience="merchant", areas=everything)
    jobs.run_due()

    document = desk.document(desk.build("mediation"))

    assert "请按合同退款" not in "".join(pages_of(document)) and "请按合同退款".encode("gb18030") not in document
    with pikepdf.open(io.BytesIO(document)) as found:
        assert set(found.attachments) == {"manifest.json"}
    assert "请按合同退款" in "".join(pages_of(desk.document(desk.build())))


def test_the_same_register_gives_the_same_manifest_and_is_not_made_twice(desk: Desk) -> None:
    first = desk.build()

    with pytest.raises(Refused) as refused:
        desk.build()
    assert [blocker.code for blocker in refused.value.blockers] == ["bundle.same"]
    other = desk.build("police")
    assert plan.read(first)["items"] == plan.read(other)["items"]
    assert (first.version, other.version) == (1, 1)


def test_new_inputs_are_a_new_version_and_the_old_one_stays(desk: Desk) -> None:
    first = desk.build()
    before = desk.document(first)
    desk.describe("2", title="转账记录")

    second = desk.build()

    assert (second.version, desk.document(first)) == (2, before)
    assert bytes(first.manifest_sha256) != bytes(second.manifest_sha256)


def test_late_evidence_comes_after_the_others_whose_pages_stay(desk: Desk) -> None:
    before = targets_of(desk.document(desk.build()))
    desk.do("lock")
    desk.paper(b"\xef\xbb\xbf\xe8\xa1\xa5\xe5\x85\x85", name="补充.txt", kind="text/plain")
    desk.do("register", after=2)
    desk.describe("2A", title="补充证据")

    after = targets_of(desk.document(desk.build()))

    assert {title: page for title, page in after.items() if title in before and "时间线" not in title} == {
        title: page for title, page in before.items() if "时间线" not in title
    }
    assert (after["补充证据目录"], after["2A 补充证据"]) == (10, 11)


def test_gaps_are_named_before_anything_is_made(desk: Desk) -> None:
    desk.describe("3", proves="", summary="")

    with pytest.raises(Refused) as refused:
        desk.build()

    (blocker,) = refused.value.blockers
    assert blocker.code == "item.gaps" and "3" in str(blocker.message) and not Bundle.objects.exists()
    assert desk.build(without=[desk.item("3")]).items == len(PAPERS) - 1


def test_an_original_that_changed_halts_the_bundle_and_is_told(desk: Desk) -> None:
    paper = desk.item("2").attachment
    where = store._path(paper.file.scope, bytes(paper.file.sha256))
    content = bytearray(where.read_bytes())
    content[-20] ^= 1
    where.chmod(0o600)
    where.write_bytes(content)

    bundle = desk.build()

    assert not Binding.objects.exists()
    assert list(Halt.objects.values_list("code", "label")) == [("original.damaged", "2")]
    assert Event.objects.filter(case=desk.case.pk, verb="complaints.halt_bundle", data__item="2").exists()
    assert desk.cast.handler.user.notices.filter(code="bundle.halted").exists()
    content[-20] ^= 1
    where.write_bytes(content)
    assert desk.build() == bundle and Binding.objects.filter(pk=bundle.pk).exists()


def test_copying_originals_is_part_of_their_custody(desk: Desk) -> None:
    desk.build()

    acts = Custody.objects.filter(attachment=desk.item("1").pk).order_by("seq").values_list("act", flat=True)
    assert list(acts) == ["collected", "copied"]
    assert list(verify()) == []


def test_a_bundle_is_found_by_its_code_and_by_its_bytes(desk: Desk) -> None:
    bundle = desk.build()
    made = Binding.objects.get(pk=bundle.pk)

    assert issued.by_code(bundle.code) == issued.by_hash(bytes(made.document.sha256))
    assert issued.by_hash(bytes(made.package.sha256)) is not None
    assert issued.by_code(desk.case.number) is None


def test_the_course_of_the_case_holds_no_offer_and_no_note(desk: Desk) -> None:
    told = [event["what"] for event in plan.read(desk.build())["events"]]

    assert told and all("提出" not in what and "备注" not in what for what in told)


def test_a_consumer_has_the_own_copy_of_the_own_papers(desk: Desk) -> None:
    desk.paper(b"\xef\xbb\xbf\xe5\x86\x85\xe9\x83\xa8", name="内部.txt", kind="text/plain", by=desk.cast.handler.actor)
    desk.do("register")
    consumer = consumer_of(desk.case)

    with pytest.raises(Refused):
        desk.build("court", actor=consumer)
    bundle = desk.build("consumer", actor=consumer)

    assert [item["given_name"] for item in plan.read(bundle)["items"]] == [name for name, _content in PAPERS]


def test_progress_is_on_record(desk: Desk) -> None:
    bundle = desk.build()

    stages = Stage.objects.filter(bundle=bundle).order_by("began_at")
    assert [(stage.name, stage.done, stage.total) for stage in stages] == [
        ("pages", 5, 5), ("sheets", 1, 1), ("bind", 1, 1), ("sign", 1, 1), ("package", 1, 1),
    ]  # fmt: skip
    assert all(stage.ended_at for stage in stages)


def test_making_it_again_after_the_worker_was_lost_makes_nothing_twice(desk: Desk) -> None:
    bundle = desk.build()
    job = jobs.Job.objects.get(topic="bundles.build")
    jobs.Job.objects.filter(pk=job.pk).update(state="ready", due_at=LATER, finished_at=None)

    jobs.run_due()

    assert Event.objects.filter(case=desk.case.pk, verb="complaints.issue_bundle").count() == 1
    assert Binding.objects.filter(pk=bundle.pk).count() == 1


@pytest.mark.rule("R48")
def test_r48_no_offer_of_a_mediation_is_in_any_bundle_or_file_of_it(desk: Desk) -> None:
    merchant = Merchant.objects.order_by("uscc").first()
    Complaint.objects.filter(pk=desk.case.pk).update(merchant=merchant)
    case = mediations.mediation(desk.cast, at="accepted", origin=Complaint.objects.get(pk=desk.case.pk))
    assert open_sealed(case.offers.get(), "words") == "分两期退款并道歉。"

    bundle = desk.build()
    told = json.dumps(plan.read(bundle), ensure_ascii=False) + extract_text(io.BytesIO(desk.document(bundle)))
    with zipfile.ZipFile(io.BytesIO(desk.package(bundle))) as package:
        plain = b"".join(package.read(name) for name in package.namelist() if not name.endswith(".pdf"))
    assert desk.case.number in told and desk.case.number.encode() in plain  # what is in it can be read
    for said in ("1500.00", "1,500.00", "分两期退款", "提出方案", "答复方案", case.number):
        assert said not in told and said.encode() not in plain, said
