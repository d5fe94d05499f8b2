"""A made-up consumer goes the whole way through real processes; then nothing of this person lies anywhere in the clear.

Searched: every table, the messages of the broker, the file store with its names, and the logs of web, worker, import and
this process with all loggers at DEBUG. Nothing is left out; `django.db.backends` is silent because it speaks under
DEBUG alone, and production refuses DEBUG (`check --deploy`). fontTools and weasyprint are at ERROR as the product sets them.
"""

from __future__ import annotations

import base64
import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from cases.complaints.models import Complaint
from cases.models import Document
from jike.accounts.spaces import PORTAL
from jike.base.dates import now
from jike.files import store
from jike.outbox.models import DemoMessage, Job
from jike.privacy import open_sealed
from lending.models import Merchant
from tests.complaints import portal_walk
from tests.factories import complaints as factory
from tests.faults.checks import drained, verified
from tests.faults.conftest import Stage, stage  # noqa: F401 - a fixture
from tests.faults.stack import Visitor, portal_visitor, running, staff_visitor, wait_for, web, worker_command
from tests.security.detector import disguises, dump_of_every_table, files_below, found_in

CANARIES = {
    "name": "龘靐齉",
    "phone": "13976543219",
    "e-mail": "canary.kanarie@quetzal.example",
    "narrative": "金丝雀在旧矿井第七层唱了四句歌",
    "claim": "请归还那只会唱歌的金丝雀笼子",
    "shop": "矿井口鸟笼铺",
    "message": "您的金丝雀正由我们照看",
    "note": "来电人谈到第七层矿井的鸟",
    "findings": "查明鸟笼确实是空的而且门开着",
    "imported name": "麤鱻犇",
    "imported phone": "13812349876",
    "imported narrative": "鹦鹉学会了背诵还款计划表",
    "rejected narrative": "渡鸦偷走了合同的最后一页",
}
CSV = (
    "投诉编号,投诉日期,办结日期,姓名,手机号,诉求,事实,商户,渠道,金额\n"
    "K1,2026-03-01,2026-03-10,{imported name},{imported phone},退款,{imported narrative},,电话,1200\n"
    "K2,没有日期,,{imported name},{imported phone},退款,{rejected narrative},,来信,\n"
)


def env_of(stage: Stage) -> dict[str, str]:  # noqa: F811
    """Every logger speaks; e-mail, which has no provider here, is kept sealed as the demonstration does."""
    return {**stage.env(), "LOG_LEVEL": "DEBUG", "DEMO": "1"}


def filed_through_the_portal(port: int) -> Complaint:
    browser = Client()
    words = {"narrative": "narrative", "claim": "claim", "name": "name", "phone": "phone", "merchant": "shop"}
    page = portal_walk.write_down(browser, **{field: CANARIES[name] for field, name in words.items()})
    visitor = portal_visitor(browser.cookies[PORTAL.session_cookie].value)
    assert visitor.post(port, "/complain/send/", token=page.context["draft"].token) == 302
    case = Complaint.objects.latest("registered_at")
    assert visitor.post(port, f"/track/{case.number}/message/", text=CANARIES["narrative"], key="m1") == 302
    return case


def handled(case: Complaint, handler: Visitor, supervisor: Visitor, port: int) -> None:
    """From the pool to the approved decision, with a message, a note, a refusal and a revealed number on the way."""
    business, cause = factory.headings()
    here = f"/staff/cases/{case.number}"

    def act(verb: str, by: Visitor = handler, expected: int = 302, **fields: str) -> None:
        assert by.post(port, f"{here}/{verb}/", key=f"{verb}-1", **fields) == expected, verb

    act("claim")
    act("accept")
    act("classify", business_code=business, cause_code=cause)
    act("message", channel="sms", text=CANARIES["message"])
    act("note", text=CANARIES["note"])
    assert handler.post(port, f"{here}/preview/message/", text=CANARIES["message"]) == 200
    assert handler.post(port, f"{here}/reveal/{case.parties.get().pk}/phone/") == 200
    assert handler.post(port, f"{here}/no-such-verb/", text=CANARIES["note"]) == 404
    decision = dict.fromkeys(("findings", "basis", "reasons", "remedies", "redress"), CANARIES["findings"])
    act("propose_decision", result="upheld", redress_cny="4800", **decision)
    act("approve_decision", by=supervisor, expected=409, payload=CANARIES["phone"])
    act("approve_decision", by=supervisor, payload=factory.payload_of(case))


@pytest.fixture
def travelled(stage: Stage, caplog, tmp_path_factory, settings) -> tuple[Complaint, dict[str, bytes]]:  # noqa: F811
    """The canary's case at its end, and every place it could have left a trace."""
    caplog.set_level(logging.DEBUG)
    settings.DEMO = True
    env = env_of(stage)
    with web(env) as port:
        case = filed_through_the_portal(port)
        factory.file(
            **{field: CANARIES[field] for field in ("name", "phone", "narrative", "claim")}, email=CANARIES["e-mail"]
        )
        handled(case, staff_visitor(stage.cast.handler.user), staff_visitor(stage.cast.supervisor.user), port)
        assert (
            portal_walk.enter(Client(), case, at=now() + timedelta(minutes=2), phone=CANARIES["phone"]).status_code
            == 302
        )
    bells = files_below([stage.home / "broker"])
    stage.fake.fail(["500", "garbage", "reset"])
    Job.objects.update(published_at=None, due_at=now())
    with running([word if word != "ERROR" else "DEBUG" for word in worker_command()], env):
        wait_for(drained, seconds=120)
    imported(env, tmp_path_factory.mktemp("incoming") / "old.csv")
    case.refresh_from_db()
    places = {**dump_of_every_table(), **files_below([stage.home]), **bells, "own log": caplog.text.encode()}
    return case, places


def imported(env: dict[str, str], file: Path) -> None:
    file.write_text(CSV.format(**CANARIES), encoding="utf-8")
    with (Path(env["JIKE_HOME"]) / "import.log").open("wb") as log:
        command = [sys.executable, "manage.py", "import_complaints", str(file), "--json"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log, check=True)


def test_nothing_of_the_canary_lies_anywhere_in_the_clear(
    travelled: tuple[Complaint, dict[str, bytes]],
    stage: Stage,  # noqa: F811
) -> None:
    case, places = travelled
    canaries = {**CANARIES, "receipt code": open_sealed(case, "receipt_code")}

    assert case.state == "notified"
    assert {place: traces for place, content in places.items() if (traces := found_in(content, canaries))} == {}
    verified()

    # The same detector, looking where these people are meant to be: in opened values and at the provider.
    party, letter = case.parties.get(), Document.objects.get(case=case, kind="decision_letter")
    opened = {
        "name": open_sealed(party, "name"),
        "phone": open_sealed(party, "phone"),
        "narrative": open_sealed(case, "narrative"),
        "claim": open_sealed(case, "claim"),
        "shop": open_sealed(case, "merchant_named"),
        "note": open_sealed(case.notes.get(), "body"),
        "findings": open_sealed(case.decision, "findings"),
    }
    assert all(found_in(value.encode(), {name: CANARIES[name]}) for name, value in opened.items())
    assert store.read(letter.file).startswith(b"%PDF")
    told = "\n".join(f"{message['to']} {message['text']}" for message in stage.fake.sent).encode()
    assert {"phone (plain)", "message (plain)", "receipt code (plain)"} <= set(found_in(told, canaries))
    mails = [open_sealed(mail, "recipient") for mail in DemoMessage.objects.filter(channel="email")]
    assert CANARIES["e-mail"] in mails
    assert len(places) > 40 and sum(map(len, places.values())) > 100_000
    assert b"DEBUG" in places[str(stage.home / "processes.log")]


def test_the_detector_sees_every_disguise() -> None:
    for name, value in CANARIES.items():
        for disguise, form in disguises(value).items():
            planted = b"... " + form.upper() + b" ..."
            assert len(form) < 6 or f"{name} ({disguise})" in found_in(planted, CANARIES)
        assert [d for d, form in disguises(value).items() if len(form) < 6] in ([], ["full width"], ["utf-16"]) or len(
            value
        ) > 3


def test_a_dump_shows_what_is_written_in_the_clear(db: None) -> None:
    """A canary in a column that is not sealed is seen, as text, as bytes and in base64."""
    coded = base64.b64encode(f"x{CANARIES['narrative']}y".encode()).decode()
    Merchant.objects.create(
        uscc="91310000MA1FL00000", name=coded, city=CANARIES["shop"], scene="education", created_at=now()
    )

    traces = found_in(dump_of_every_table()["lending_merchant"], CANARIES)

    assert "shop (plain)" in traces
    assert any(trace.startswith("narrative (base64") for trace in traces)
