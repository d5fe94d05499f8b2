"""Phone, address, mail or site and the process stand on portal, app and contract; a missing one is red. Rule R77."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import conditional_escape
from django.utils.translation import override

from cases.operations import checks, gauges, publication
from cases.operations.publication import PARTS, PLACES
from jike.base.dates import now as current_instant
from jike.web.institution import institution
from tests.accounts.signing_in import sign_in
from tests.people import Cast, staff

VALUES = {
    "phone": lambda: [institution().hotline],
    "address": lambda: [institution().address],
    "online": lambda: [institution().email, settings.PUBLIC_BASE_URL],
    "process": lambda: [institution().process],
}


def without(place: str, part: str) -> tuple[publication.Place, ...]:
    """The places, and in one of them somebody forgot a part."""

    def cut(text: str) -> str:
        for word in VALUES[part]():
            text = text.replace(word, "").replace(conditional_escape(word), "")
        return text

    return tuple(replace(p, read=lambda p=p: cut(p.read())) if p.code == place else p for p in PLACES)


def red() -> list[tuple[str, str]]:
    with override("en"):
        return [
            (str(g.label), str(g.value))
            for g in gauges.gauges(now=current_instant())
            if "published" in str(g.label) and g.is_alarm
        ]


@pytest.mark.rule("R77")
def test_everything_is_published_as_shipped(db: None) -> None:
    assert publication.missing() == {}
    assert checks.channels_are_published() == []
    assert red() == []


@pytest.mark.rule("R77")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("place", [place.code for place in PLACES])
def test_each_missing_part_of_each_place_is_red_and_warned_of(
    place: str, part: str, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "PLACES", without(place, part))

    assert publication.missing() == {place: [part]}
    assert [(w.id, w.msg) for w in checks.channels_are_published()] == [
        ("cases.W001", f"The channels of complaint lack {part}: {place}.")
    ]
    with override("en"):
        assert red() == [(f"Complaint channels published: {place}", f"missing: {PARTS[part]}")]
    page = sign_in(client, staff("sys", "system_admin").user).get("/staff/operations/").content.decode()
    with override("zh-hans"):
        assert f"缺少：{PARTS[part]}</strong>" in page


@pytest.mark.rule("R77")
@pytest.mark.parametrize("field", ["hotline", "address", "email", "process"])
def test_what_the_house_did_not_write_down_is_missing_everywhere(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = replace(institution(), **{field: " "})
    monkeypatch.setattr(publication, "institution", lambda: empty)
    part = {"hotline": "phone", "email": "online"}.get(field, field)

    wanted = {place.code: [part] for place in PLACES}
    assert publication.missing() == (wanted if part != "online" else {"portal": ["online"], "app": ["online"]})


@pytest.mark.rule("R77")
def test_a_number_that_changed_in_one_place_only_is_missing_in_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = replace(institution(), hotline="400-111-1111")
    monkeypatch.setattr(publication, "institution", lambda: moved)

    assert publication.missing() == {"app": ["phone"]}


@pytest.mark.rule("R77")
def test_consumers_meet_them_on_the_first_page(db: None, client: Client) -> None:
    page = client.get("/").content.decode()

    for words in VALUES.values():
        assert any(word in page for word in words())
    assert institution().process in publication.contract_clause()
