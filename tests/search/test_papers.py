"""Words inside PDF papers: found like those of the narrative, in full sight only, and gone with the key of the case."""

from __future__ import annotations

import signal
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from cases.attachments import receiving
from cases.attachments.models import Attachment, Examination, PaperText
from cases.attachments.queries import papers_of
from cases.complaints import actions
from cases.complaints.models import Complaint
from cases.models import Case
from cases.queries import cases_listed_for
from cases.search.finding import search
from cases.search.indexing import index_due
from cases.search.models import Due, Piece
from cases.search.operators import Asked
from jike import privacy
from jike.base.dates import now as current_instant
from jike.files import store
from jike.files.models import StoredFile
from jike.files.receiving import Received
from jike.outbox.models import Job
from jike.outbox.working import run_due, run_jobs
from jike.privacy import EncryptedTextField
from tests.attachments import pdfs
from tests.attachments.samples import SOUND, photo
from tests.complaints.portal_walk import file, tell
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.faults.checks import leases_lapsed
from tests.faults.conftest import Stage, stage  # noqa: F401 - a fixture
from tests.faults.stack import sweep
from tests.people import Cast

NOW = RECEIVED + timedelta(days=1)
WORDS = "合同编号：学而优2026\n矿井金丝雀养护协议，ＡＢＣ１２３"


def sealed(subject, content: bytes, name: str = "合同.pdf") -> StoredFile:
    upload = Received(name, content, size=len(content), is_left_out=False)
    return receiving.seal_upload(subject, upload, now=NOW)


def attached(case: Complaint, content: bytes, *, at=NOW) -> Attachment:
    actor = factory.consumer_of(case)
    actions.attach_paper(case, actor=actor, now=at, file=sealed(case.pk, content), name="合同.pdf")
    return Attachment.objects.order_by("-id").first()


def read_all() -> None:
    for topic in (receiving.EXAMINE_TOPIC, receiving.TEXT_TOPIC):
        run_jobs(Job.objects.filter(topic=topic).values_list("pk", flat=True))
    index_due(NOW)


def found(text: str, actor) -> dict[str, str]:
    """Number and place of every hit."""
    asked = search(text, Asked(actor, NOW))
    ids = list(asked.narrowed(cases_listed_for(actor)).values_list("pk", flat=True))
    places = asked.confirmed(ids)
    return {case.number: places[case.pk] for case in Case.objects.filter(pk__in=places)}


@pytest.fixture
def gym(cast: Cast) -> Complaint:
    """A case of `handler` with a contract; nothing of the contract's words is written in the case itself."""
    case = factory.complaint(cast, at="claimed", narrative="没有别的", claim="要求退款")
    attached(case, pdfs.chinese(WORDS))
    read_all()
    return case


@pytest.mark.parametrize(
    "text", ["矿井", "金丝雀", "矿井金丝", "金丝雀养护协议", "abc123", "ABC123", "ａｂｃ１２３", "学而优2026", "学而优２０２６", "2026 矿井", "矿井 -樱花"]
)  # fmt: skip
def test_a_contract_is_found_by_its_words(text: str, gym: Complaint, cast: Cast) -> None:
    assert found(text, cast.handler.actor) == {gym.number: "paper"}


def test_a_single_character_is_looked_for_in_papers_too(gym: Complaint, cast: Cast) -> None:
    assert set(found("雀", cast.handler.actor)) == {gym.number}
    assert found("樱", cast.handler.actor) == {}


@pytest.mark.parametrize("text", ["樱花", "雀丝金", "协议金丝雀", "矿井 -金丝雀"])
def test_other_words_are_not_found(text: str, gym: Complaint, cast: Cast) -> None:
    assert found(text, cast.handler.actor) == {}


def test_only_full_sight_finds(gym: Complaint, cast: Cast) -> None:
    for who in (cast.auditor, cast.executive, cast.colleague, cast.stranger):
        assert found("金丝雀", who.actor) == {} == found("雀", who.actor), who.user.username
    assert found("金丝雀", cast.supervisor.actor) == {gym.number: "paper"}


def test_whoever_is_recused_finds_nothing_any_more(gym: Complaint, cast: Cast) -> None:
    actions.recuse_oneself(gym, actor=cast.supervisor.actor, now=NOW, ground="interest", reason="x")
    assert found("金丝雀", cast.supervisor.actor) == {} == found("雀", cast.supervisor.actor)


def test_the_words_go_with_the_key(gym: Complaint, cast: Cast) -> None:
    text = PaperText.objects.get()
    connection.run_on_commit.clear()  # keys of the running transaction are kept there
    privacy.destroy_key(gym.pk, now=NOW)

    assert not Piece.objects.filter(case=gym).exists() and found("金丝雀", cast.handler.actor) == {}
    with pytest.raises(privacy.Unreadable):
        privacy.open_sealed(PaperText.objects.get(), "text")
    text.delete()
    Job.objects.all().delete()
    call_command("read_papers", stdout=StringIO())
    read_all()
    assert not PaperText.objects.exists() and Job.objects.get().state == "done"


def test_no_column_holds_the_words_in_the_clear(gym: Complaint) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, (SELECT string_agg(j::text, ' ') FROM outbox_job j) FROM attachments_papertext")
        sealed_text, jobs = cursor.fetchone()
    assert "金丝雀".encode() not in bytes(sealed_text) and "金丝雀" not in jobs and "合同" not in jobs


def test_papers_of_a_draft_are_found_once_it_is_a_case(client: Client, cast: Cast) -> None:
    """Read while the complaint is still being written: no case is there yet, and nothing is indexed."""
    tell(client)
    client.post("/complain/papers/", {"file": SimpleUploadedFile("合同.pdf", pdfs.chinese(WORDS))})
    read_all()
    assert PaperText.objects.count() == 1 and not Piece.objects.exists() and not Due.objects.exists()

    case = file(client)
    index_due(NOW)
    assert found("金丝雀", cast.supervisor.actor) == {case.number: "paper"}


@pytest.mark.parametrize(
    ("content", "outcome"),
    [(pdfs.scan(), "empty"), (pdfs.scan() + b"trailing", "empty")],
    ids=["scan", "repaired"],
)
def test_what_cannot_be_read_is_on_record_with_its_reason(content: bytes, outcome: str, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    paper = attached(case, content)
    read_all()

    text = PaperText.objects.get(pk=paper.pk)
    assert (text.outcome, privacy.open_sealed(text, "text")) == (outcome, "")
    assert "paper" not in set(Piece.objects.values_list("source", flat=True))
    assert Job.objects.get(topic=receiving.TEXT_TOPIC).state == "done"
    assert papers_of(case, cast.handler.actor)[0].reading == text.get_outcome_display()
    assert store.read(paper.file) == content


@pytest.mark.parametrize("content", [pdfs.locked(), pdfs.HOSTILE["not a PDF inside"], pdfs.bomb()])
def test_what_is_not_usable_is_not_read(content: bytes, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    paper = attached(case, content)
    read_all()

    assert Examination.objects.get(pk=paper.pk).verdict == "refused"
    assert not Job.objects.filter(topic=receiving.TEXT_TOPIC).exists() and not PaperText.objects.exists()
    assert store.read(paper.file) == content


def test_recordings_and_photos_are_not_read(cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    for content in (SOUND, photo()):
        attached(case, content)
    read_all()
    assert not Job.objects.filter(topic=receiving.TEXT_TOPIC).exists()


def test_papers_without_a_hit_stay_closed(gym: Complaint, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of hits opens the papers that may hold the word, not every contract of every case."""
    opened = []
    original = EncryptedTextField.open
    monkeypatch.setattr(
        EncryptedTextField, "open", lambda field, *a, **k: opened.append(field.model) or original(field, *a, **k)
    )
    assert found("没有别的", cast.handler.actor) == {gym.number: "case"}
    assert PaperText not in opened
    found("金丝雀", cast.handler.actor)
    assert PaperText in opened


def test_papers_older_than_the_search_are_queued_once(gym: Complaint, cast: Cast) -> None:
    PaperText.objects.all().delete()
    Piece.objects.all().delete()
    Job.objects.filter(topic=receiving.TEXT_TOPIC).delete()

    for queued in ("1 papers queued.", "1 papers queued."):
        out = StringIO()
        call_command("read_papers", stdout=out)
        assert out.getvalue().strip() == queued
    assert Job.objects.filter(topic=receiving.TEXT_TOPIC).count() == 1
    read_all()
    assert found("金丝雀", cast.handler.actor) == {gym.number: "paper"}
    call_command("read_papers", stdout=(out := StringIO()))
    assert out.getvalue().strip() == "0 papers queued."


def test_a_worker_killed_between_reading_and_indexing_loses_nothing(stage: Stage) -> None:  # noqa: F811
    case = factory.complaint(stage.cast, at="claimed", narrative="没有别的")
    run_due()
    attached(case, pdfs.chinese(WORDS), at=current_instant())
    run_jobs(Job.objects.filter(topic=receiving.EXAMINE_TOPIC).values_list("pk", flat=True))
    index_due(NOW)

    reached = []
    for point in ("job.sent", "job.finishing", "job.committed"):
        assert sweep(stage.env(failpoint=point)) == -signal.SIGKILL
        reached.append((PaperText.objects.count(), Due.objects.count(), Piece.objects.filter(source="paper").count()))
        leases_lapsed()
    assert reached == [(0, 0, 0), (0, 0, 0), (1, 1, 0)]

    assert sweep(stage.env()) == 0
    assert PaperText.objects.count() == 1 and not Due.objects.exists()
    assert found("金丝雀", stage.cast.handler.actor) == {case.number: "paper"}
