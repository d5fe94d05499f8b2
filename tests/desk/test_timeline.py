"""The timeline: kinds of entries switched off and on, either end first, what is new, what changed, and all of it as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from cases.complaints import actions
from cases.complaints.portal.following import looks_at
from cases.headings import choices
from cases.writing import looks
from jike.privacy.models import RevealLog
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(days=2)


def url(case: Any) -> str:
    return f"/staff/cases/{case.number}/"


@pytest.fixture
def case(cast: Cast) -> Any:
    case = factory.complaint(cast, at="investigating")
    return actions.add_note(case, actor=cast.handler.actor, now=NOW, text="=已电话核实")


def seqs(page: Any) -> list[int]:
    return [line.seq for _day, lines in page.context["days"] for line in lines]


def test_a_kind_of_entry_is_switched_off_and_on_and_the_list_is_kept(client: Client, case: Any, cast: Cast) -> None:
    sign_in(client, cast.handler.user)
    everything = client.get(url(case), {"in": "mine", "order": "due"})
    toggles = {toggle.code: toggle for toggle in everything.context["categories"]}
    assert (toggles["message"].is_on, seqs(everything)) == (True, [5, 4, 3, 2, 1])

    hidden = client.get(url(case) + toggles["message"].address)

    assert seqs(hidden) == [4, 3, 2, 1]
    assert "in=mine" in toggles["message"].address
    again = {toggle.code: toggle for toggle in hidden.context["categories"]}["message"]
    assert (again.is_on, seqs(client.get(url(case) + again.address))) == (False, [5, 4, 3, 2, 1])


def test_the_order_is_remembered_by_the_browser(client: Client, case: Any, cast: Cast) -> None:
    sign_in(client, cast.handler.user)
    assert seqs(client.get(url(case)))[0] == 5

    assert seqs(client.get(url(case), {"first": "oldest"}))[0] == 1
    assert seqs(client.get(url(case)))[0] == 1
    assert seqs(client.get(url(case), {"first": "newest"}))[0] == 5
    assert seqs(client.get(url(case)))[0] == 5


def test_a_line_stands_where_one_last_looked(client: Client, case: Any, cast: Cast) -> None:
    looks.note_look(case, "", actor=cast.handler.actor, now=NOW)
    for hours in (1, 2):
        at = NOW + timedelta(hours=hours)
        actions.send_message(case, actor=factory.consumer_of(case), now=at, text="有进展吗")
    page = sign_in(client, cast.handler.user).get(url(case))

    lines = [line for _day, day in page.context["days"] for line in day]
    assert [(line.seq, line.is_new, line.is_edge) for line in lines[:3]] == [
        (7, True, False),
        (6, True, True),
        (5, False, False),
    ]
    assert page.content.decode().count("timeline-since") == 1


def test_a_changed_field_says_before_and_after(client: Client, case: Any, cast: Cast) -> None:
    page = sign_in(client, cast.handler.user).get(url(case))
    changed = {
        line.seq: [(str(c.before), str(c.after)) for c in line.changes]
        for _day, day in page.context["days"]
        for line in day
        if line.changes
    }
    assert list(changed) == [4]
    assert [before for before, _after in changed[4]] == ["—", "—"]


def test_the_file_asks_a_reason_keeps_it_and_holds_no_formula(client: Client, committed_cast: Cast) -> None:
    case = factory.complaint(committed_cast, at="investigating")
    actions.add_note(case, actor=committed_cast.handler.actor, now=NOW, text="=已电话核实")
    sign_in(client, committed_cast.handler.user)

    refused = client.post(f"{url(case)}timeline.csv", {"reason": " "})
    assert ([b.code for b in refused.context["blockers"]], RevealLog.objects.count()) == (["reason.missing"], 0)
    taken = client.post(f"{url(case)}timeline.csv", {"reason": "法院调取"})

    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 5
    assert rows[-1][-1] == "'=已电话核实"
    assert taken["Content-Disposition"].startswith("attachment")
    assert [(row.field, row.scope) for row in RevealLog.objects.all()] == [("timeline", case.pk)]
    with override("zh-hans"):
        assert [(str(look.what), look.reason) for look in looks_at(case) if look.reason] == [
            ("您案件的办理经过（导出为文件）", "法院调取")
        ]

    for other in (committed_cast.auditor, committed_cast.colleague):
        assert sign_in(client, other.user).post(f"{url(case)}timeline.csv", {"reason": "x"}).status_code == 404
    assert RevealLog.objects.count() == 1


def test_a_changed_code_asks_a_reason_and_shows_it(client: Client, case: Any, cast: Cast) -> None:
    on = RECEIVED.date()
    business, other = [code for code, _label in choices("business", on=on)][:2]
    cause = choices("cause", on=on)[0][0]
    sign_in(client, cast.handler.user)
    given = {"business_code": other, "cause_code": cause, "reason": ""}

    refused = client.post(f"{url(case)}classify/", given)
    assert [b.code for b in refused.context["blockers"]] == ["reason.missing"]
    same = client.post(f"{url(case)}classify/", given | {"business_code": business})
    done = client.post(f"{url(case)}classify/", given | {"reason": "合同显示为租赁"})

    assert (same.status_code, done.status_code) == (302, 302)
    page = client.get(url(case))
    line = page.context["days"][0][1][0]
    assert [str(change.label) for change in line.changes] == ["业务类别"]
    assert "合同显示为租赁" in page.content.decode()


def test_the_first_choice_of_a_code_is_free(client: Client, cast: Cast) -> None:
    case = factory.complaint(cast, at="claimed")
    form = sign_in(client, cast.handler.user).get(f"{url(case)}classify/").context["form"]
    assert list(form.fields) == ["business_code", "cause_code"]
