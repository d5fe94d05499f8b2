"""The case page: whole for who handles it, a masked head for the pool, gates that say why not, reveals that are logged."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.text import format_lazy

from cases.desk.page import Gate
from cases.desk.templatetags.desk import closed
from cases.models import Event
from jike import calendars
from jike.base.errors import Blocker
from jike.privacy.models import RevealLog
from jike.verbs import verb_named
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

STORY = "商户收费后停业，电话无人接听。"


def url(case, *rest: str) -> str:
    return "/".join(["/staff/cases", case.number, *rest]) + "/"


def test_handler_reads_the_story_and_the_pool_reads_the_head(client: Client, cast: Cast) -> None:
    case = factory.file()

    sign_in(client, cast.colleague.user)
    pool = client.get(url(case)).content.decode()
    assert case.number in pool and STORY not in pool and "138****8000" not in pool

    factory.claimed(case, cast, RECEIVED)
    assert client.get(url(case)).status_code == 404
    sign_in(client, cast.handler.user)
    assert STORY in client.get(url(case)).content.decode()


def test_every_field_of_the_page_has_an_id_of_its_own_for_its_label(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    sign_in(client, cast.handler.user)

    page = client.get(url(case)).content.decode()

    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {"message_text", "note_text"} <= set(re.findall(r'<label class="field-label" for="([^"]+)"', page))


def test_gates_say_why_not(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    gates = {g.verb.short_name: [b.code for b in g.blockers] for g in client.get(url(case)).context["gates"]}

    assert gates["accept"] == [] and gates["classify"] == []
    assert gates["propose_decision"] == ["case.wrong_state", "case.not_classified"]
    assert gates["approve_decision"][0] == "actor.no_power"
    assert gates["claim"] == ["case.claimed"]


def test_reasons_are_words_and_no_markup() -> None:
    verb = verb_named("complaints.accept")
    reasons = [Blocker("task.open", format_lazy("“{title}”", title='<b a="1">'), "O2020-3 art 17"), Blocker("a&b", "")]

    lines = closed([Gate(verb, reasons, needs_input=False)])

    assert lines.endswith(
        f"{verb.label}</dt>"
        '<dd data-code="task.open">“&lt;b a=&quot;1&quot;&gt;” <small>《银行业保险业消费投诉处理管理办法》第17条</small></dd><dd data-code="a&amp;b"></dd>'
    )


@pytest.mark.parametrize("point", ["claimed", "supplementing", "paused", "deciding", "notified", "closed"])
def test_number_of_queries_is_bounded(point: str, client: Client, cast: Cast, django_assert_max_num_queries) -> None:
    case = factory.complaint(cast, at=point)
    calendars.current()
    sign_in(client, cast.handler.user)

    client.get(url(case))  # the first request of a session also notes when it was seen
    with django_assert_max_num_queries(15):
        assert client.get(url(case)).status_code == 200


def test_verb_by_page_and_by_htmx(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    form = client.get(url(case, "accept"))
    answer = client.post(url(case, "accept"), {"key": form.context["key"], "version": form.context["case"].version})
    again = client.post(url(case, "accept"), {"key": form.context["key"], "version": form.context["case"].version})

    assert (answer.status_code, answer["Location"]) == (302, url(case))
    assert again.status_code == 302
    assert Event.objects.filter(case=case, verb="complaints.accept").count() == 1


def test_refusal_lists_every_reason_and_keeps_the_words(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    words = {**factory.DECISION, "redress_cny": "1"}
    refused = client.post(url(case, "propose_decision"), words)

    assert refused.status_code == 409
    codes = [blocker.code for blocker in refused.context["blockers"]]
    assert codes == ["case.wrong_state", "case.not_classified"]


def test_bad_input_is_named_at_its_field(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="investigating")
    sign_in(client, cast.handler.user)

    answer = client.post(
        url(case, "propose_decision"), {"result": "", "findings": "我核实过了", "redress_cny": "1.234"}
    )

    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"result", "basis", "reasons", "remedies", "redress_cny"}
    assert "我核实过了" in answer.content.decode()


def test_stale_page_is_told_so(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    answer = client.post(url(case, "accept"), {"version": "1"})

    assert answer.status_code == 409
    assert [b.code for b in answer.context["blockers"]] == ["case.changed"]


def test_reveal_shows_the_phone_and_leaves_a_trace(client: Client, committed_cast: Cast) -> None:
    case = factory.complaint(committed_cast, at="claimed")
    party = case.parties.get()
    sign_in(client, committed_cast.handler.user)

    shown = client.post(url(case, "reveal", str(party.pk), "phone"), headers={"hx-request": "true"})

    assert "13800138000" in shown.content.decode()
    trace = RevealLog.objects.get()
    assert (trace.row, trace.field) == (party.pk, "phone")
    sign_in(client, committed_cast.supervisor.user)
    refused = client.post(url(case, "reveal", str(party.pk), "phone"), {"reason": " "})
    assert [b.code for b in refused.context["blockers"]] == ["reason.missing"] and RevealLog.objects.count() == 1
    assert (
        "13800138000" in client.post(url(case, "reveal", str(party.pk), "phone"), {"reason": "复核"}).content.decode()
    )
    sign_in(client, committed_cast.colleague.user)
    assert client.post(url(case, "reveal", str(party.pk), "phone")).status_code == 404
    assert RevealLog.objects.count() == 2


def test_preview_counts_the_parts(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    sign_in(client, cast.handler.user)

    def previewed(text: str) -> Any:
        typed = {"text": text, "channel": "sms"}
        return client.post(url(case, "preview", "message"), typed, headers={"hx-request": "true"})

    single, double = previewed("好" * 70), previewed("好" * 71 + "<b>")

    columns = [page.context["foretold"]["texts"][0] for page in (single, double)]
    assert [(column["length"], column["parts"]) for column in columns] == [(70, 1), (74, 2)]
    assert "<b>" not in double.content.decode()


def test_inbox_holds_others_proposals_only(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="deciding", now=RECEIVED + timedelta(hours=1))

    def waiting(user) -> list[str]:
        sign_in(client, user)
        return [item["case"].number for item in client.get("/staff/approvals/").context["waiting"]]

    assert waiting(cast.supervisor.user) == [case.number]
    assert waiting(cast.twin.user) == []
    assert waiting(cast.handler.user) == []
