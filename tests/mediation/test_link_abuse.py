"""Abuse of the merchant's link: guessing, prefetching, leaking, and trying codes. Source of the attempts: the threat model's B-06."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta

import pytest
from django.test import Client

from cases.mediation import links
from cases.mediation.models import Mediation, MerchantLink
from jike.accounts.models import PhoneChallenge
from jike.base.dates import pinned
from jike.web.models import RefusalLog
from tests.factories import mediations as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast

NOW = RECEIVED + timedelta(hours=12)


@pytest.fixture
def case(cast: Cast) -> Mediation:
    return factory.mediation(cast, at="invited")


def token_of(case: Mediation) -> str:
    return links.token_of(case.merchant_links.get())


def test_guessed_tokens_open_nothing_and_all_answer_alike(case: Mediation) -> None:
    client, answers = Client(), set()
    near = token_of(case)
    guesses = [secrets.token_hex(16) for _ in range(40)] + [
        near[:-1] + ("0" if near[-1] != "0" else "1"),
        near[:30],
        near.upper() + "0",
    ]

    for guess in guesses:
        page = client.get(f"/m/{guess}/")
        answers.add((page.status_code, page.content.decode().replace(guess, "TOKEN").count("form")))

    assert {status for status, _forms in answers} == {404} and len(answers) == 1


def test_prefetching_and_heads_change_nothing(case: Mediation) -> None:
    before = (Mediation.objects.values().get(pk=case.pk), MerchantLink.objects.values().get(), case.events.count())
    home = f"/m/{token_of(case)}/"

    for _ in range(5):
        Client().get(home, headers={"Purpose": "prefetch"})
        Client().head(home)
        Client().options(home)

    assert before == (
        Mediation.objects.values().get(pk=case.pk),
        MerchantLink.objects.values().get(),
        case.events.count(),
    )
    assert not PhoneChallenge.objects.exists()


def test_five_wrong_codes_spend_the_challenge_and_the_right_one_comes_too_late(case: Mediation) -> None:
    from jike.accounts import codes

    client, home = Client(), f"/m/{token_of(case)}/"
    before = case.merchant_links.get().confirmed_at
    with pinned(NOW):
        client.post(f"{home}code/")
        right = codes.code_of(PhoneChallenge.objects.get().pk)
        for wrong in range(5):
            client.post(f"{home}enter/", {"code": f"{(int(right) + 1 + wrong) % 1_000_000:06}"})
        last = client.post(f"{home}enter/", {"code": right})
        again = client.post(f"{home}code/")

    assert last.status_code == 400 and again.status_code == 409
    assert case.merchant_links.get().confirmed_at == before and case.number not in client.get(home).content.decode()


def test_no_page_sends_the_token_on_and_no_log_holds_it(case: Mediation, caplog: pytest.LogCaptureFixture) -> None:
    token = token_of(case)
    caplog.set_level(logging.DEBUG)
    client = Client()
    with pinned(NOW):
        page = client.get(f"/m/{token}/")
        client.post(f"/m/{token}/act/", {"act": "take_part"})
        client.post(f"/m/{token}/code/")
        client.post(f"/m/{token}/code/")

    assert page.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    outward = [part for part in page.content.decode().split('href="')[1:] if part.startswith("http")]
    assert outward == []
    assert token not in caplog.text
    assert not any(token in str(vars(row)) for row in RefusalLog.objects.all())
