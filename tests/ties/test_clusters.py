"""Complaints that read alike: found from keyed tokens, off the way of filing, shown as the lists show them, judged by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from cases.complaints import actions
from cases.complaints.house_rules import house_rules
from cases.complaints.models import Complaint
from cases.search.text import tokens_of
from cases.ties import clustering, queries
from cases.ties.actions import judge_cluster
from cases.ties.clustering import cluster_new
from cases.ties.likeness import bands_of, likeness, minima_of
from cases.ties.models import Cluster, ClusterCase, Signature
from jike import privacy
from jike.base.dates import CST, pinned
from jike.base.errors import Refused
from jike.ledger import verify
from tests.accounts.signing_in import sign_in
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast
from tests.ties.planted import BEAUTY, PHONE_SHOP, SAID_ANEW, SHOP_CLOSED, filed, merchant, retold, school

NOW = RECEIVED + timedelta(days=2)
MINUTE = timedelta(minutes=1)


def together() -> list[set[str]]:
    found: dict = {}
    for member in ClusterCase.objects.select_related("case"):
        found.setdefault(member.cluster_id, set()).add(member.case.number)
    return sorted(found.values(), key=len)


def numbers(cases: list[Complaint]) -> set[str]:
    return {case.number for case in cases}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def test_likeness_measures_what_two_texts_share() -> None:
    one, other, third = (minima_of(tokens_of(text)) for text in (SHOP_CLOSED, SAID_ANEW, BEAUTY))
    a, b = tokens_of(SHOP_CLOSED), tokens_of(SAID_ANEW)

    assert likeness(one, one) == 1.0 and likeness([], []) == 0.0
    assert abs(likeness(one, other) - len(a & b) / len(a | b)) < 0.15
    assert likeness(one, third) < 0.15
    assert set(bands_of(one)) & set(bands_of(other)) and not set(bands_of(one)) & set(bands_of(third))
    assert minima_of(tokens_of("商户不退款")) == [] == bands_of([])


def test_filing_compares_nothing_and_the_sweep_finds_what_reads_alike(cast: Cast) -> None:
    parents = school(4)
    others = [filed(20, BEAUTY, merchant=merchant(0)), filed(21, PHONE_SHOP, merchant=merchant(5))]
    assert not Signature.objects.exists()

    assert cluster_new(NOW) == 6

    assert together() == [numbers(parents)]
    assert set(Signature.objects.values_list("case__number", flat=True)) == numbers([*parents, *others])
    assert cluster_new(NOW + MINUTE) == 0 and together() == [numbers(parents)]


def test_a_later_one_joins_and_wording_alone_must_be_nearer(cast: Cast) -> None:
    first = [filed(1, SHOP_CLOSED, merchant=merchant(2)), filed(2, SHOP_CLOSED, merchant=merchant(2))]
    cluster_new(NOW)
    text = retold()

    elsewhere = filed(3, text, merchant=merchant(4))
    cluster_new(NOW + MINUTE)
    same, copied = filed(4, text, merchant=merchant(2)), filed(5, SHOP_CLOSED, merchant=merchant(4))
    cluster_new(NOW + 2 * MINUTE)

    assert together() == [numbers([*first, same, copied])]
    assert Cluster.objects.get().grew_at == NOW + 2 * MINUTE
    assert not ClusterCase.objects.filter(case=elsewhere).exists()


def test_only_what_is_open_and_recent_is_read(cast: Cast) -> None:
    old = filed(1, now=RECEIVED - timedelta(days=40))
    ended = factory.complaint(cast, at="withdrawn", phone="13911110000", narrative=SHOP_CLOSED)
    filed(2)

    cluster_new(NOW)

    assert together() == []
    assert not Signature.objects.filter(case__in=[old, ended]).exists()
    later = RECEIVED + timedelta(days=house_rules().likeness.days + 1)
    cluster_new(later)
    assert not Signature.objects.exists()


def test_a_sweep_reads_a_bounded_number_and_goes_on_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "BATCH", 2)
    school(5)

    assert [cluster_new(NOW) for _sweep in range(4)] == [2, 2, 1, 0]
    filed(30)
    assert cluster_new(NOW + timedelta(seconds=5)) == 0, "too early for another round"
    assert len(together()[0]) == 5


def test_number_of_queries_does_not_grow_with_the_batch(cast: Cast, django_assert_max_num_queries) -> None:
    cluster_new(NOW)
    for n, count in ((1, 2), (10, 8)):
        school(count, first=n)
        with django_assert_max_num_queries(20):
            assert cluster_new(NOW + n * MINUTE) == count


def test_no_words_are_stored_and_what_is_goes_with_the_key(cast: Cast) -> None:
    case = school(3)[0]
    cluster_new(NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM ties_signature s WHERE case_id = %s", [case.pk])
        kept = cursor.fetchone()[0]
    assert "启航" not in kept and "停机" not in kept

    privacy.destroy_key(case.pk, now=NOW)
    assert not Signature.objects.filter(case=case).exists()
    cluster_new(NOW + MINUTE)
    assert Signature.objects.get(case=case).minima == [], "looked at once, and nothing could be read"


def test_a_page_lists_what_the_lists_of_the_person_show(cast: Cast) -> None:
    school(4)
    cluster_new(NOW)
    mine = queries.clusters_for(cast.supervisor.actor, now=NOW)
    found = mine.get()
    assert (found.size, found.still_open, found.fresh, found.merchants) == (4, 4, 4, 1)
    assert found.merchant_name == merchant(2).name
    assert (found.first_at, found.last_at) == (RECEIVED + timedelta(hours=1), RECEIVED + timedelta(hours=4))

    assert not queries.clusters_for(cast.handler.actor, now=NOW).exists(), "no power"
    assert queries.clusters_for(cast.executive.actor, now=NOW).get().size == 4
    one, two = Complaint.objects.order_by("received_at")[:2]
    actions.recuse_oneself(one, actor=cast.supervisor.actor, now=NOW, ground="interest", reason="亲属。")
    assert mine.all().get().size == 3
    assert one.number not in {c.number for c in queries.cluster_cases_for(cast.supervisor.actor, found)}
    actions.recuse_oneself(two, actor=cast.supervisor.actor, now=NOW, ground="interest", reason="亲属。")
    assert not mine.all().exists(), "two are too few to be a cluster for this person"


def test_ended_ones_alone_are_no_cluster(cast: Cast) -> None:
    cases = school(3)
    cluster_new(NOW)
    for case in cases:
        actions.withdraw_complaint(case, actor=factory.consumer_of(case), now=NOW)
    assert not queries.clusters_for(cast.supervisor.actor, now=NOW).exists()


def test_a_person_judges_and_takes_it_back(client: Client, cast: Cast) -> None:
    school(3)
    cluster_new(NOW)
    cluster = Cluster.objects.get()
    sign_in(client, cast.supervisor.user)

    with pinned(NOW):
        assert merchant(2).name in client.get("/staff/clusters/").content.decode()
        answer = client.post(f"/staff/clusters/{cluster.pk}/judge/", {"verdict": "ignored", "was": ""})
        assert answer.status_code == 302
        assert merchant(2).name not in client.get("/staff/clusters/").content.decode()
        assert merchant(2).name in client.get("/staff/clusters/?verdict=ignored").content.decode()
        late = client.post(f"/staff/clusters/{cluster.pk}/judge/", {"verdict": "accepted", "was": ""})
        assert late.status_code == 409, "somebody has judged it meanwhile"
        client.post(f"/staff/clusters/{cluster.pk}/judge/", {"verdict": "", "was": "ignored"})
    cluster.refresh_from_db()
    assert (cluster.verdict, cluster.judged_by_id) == ("", cast.supervisor.user.pk)


def test_what_was_said_of_a_cluster_is_kept_and_sealed(client: Client, cast: Cast) -> None:
    school(3)
    cluster_new(NOW)
    cluster = Cluster.objects.get()
    judge_cluster(cluster, actor=cast.supervisor.actor, now=NOW, verdict="ignored", was="")
    judge_cluster(cluster, actor=cast.supervisor.actor, now=NOW + MINUTE, verdict="accepted", was="ignored")

    said = list(cluster.judgements.order_by("seq").values_list("seq", "verdict", "cases", "judged_by"))
    assert said == [(n, verdict, 3, cast.supervisor.user.pk) for n, verdict in ((1, "ignored"), (2, "accepted"))]
    assert list(verify()) == []
    sign_in(client, cast.supervisor.user)
    with pinned(NOW + MINUTE):
        page = client.get(f"/staff/clusters/{cluster.pk}/").content.decode()
    assert page.index(NOW.astimezone(CST).strftime("%Y-%m-%d %H:%M")) and page.count("supervisor:") == 2

    for wrong in (
        lambda: Cluster.objects.filter(pk=cluster.pk).update(verdict="ignored"),
        lambda: cluster.judgements.filter(seq=1).update(verdict="accepted"),
        lambda: cluster.judgements.filter(seq=2).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_judging_asks_the_power_and_a_known_word(client: Client, cast: Cast) -> None:
    school(3)
    cluster_new(NOW)
    cluster = Cluster.objects.get()

    for actor, verdict, code in (
        (cast.executive.actor, "ignored", "actor.no_power"),
        (cast.supervisor.actor, "merged", "verdict.unknown"),
    ):
        with pytest.raises(Refused) as refused:
            judge_cluster(cluster, actor=actor, now=NOW, verdict=verdict, was="")
        assert codes(refused) == [code]
    with pinned(NOW):
        for member in (cast.handler, cast.stranger):
            sign_in(client, member.user)
            assert client.get("/staff/clusters/").status_code == 404
            assert client.get(f"/staff/clusters/{cluster.pk}/").status_code == 404
        sign_in(client, cast.executive.user)
        assert client.post(f"/staff/clusters/{cluster.pk}/judge/", {"verdict": "ignored", "was": ""}).status_code == 403


def test_the_page_of_a_cluster_opens_its_cases(client: Client, cast: Cast, django_assert_num_queries) -> None:
    cases = school(3)
    cluster_new(NOW)
    cluster = Cluster.objects.get()
    sign_in(client, cast.supervisor.user)

    with pinned(NOW):
        page = client.get(f"/staff/clusters/{cluster.pk}/").content.decode()
        assert all(f"/staff/cases/{case.number}/" in page for case in cases)
        for n in (4, 6):
            school(n - 3, first=n * 10)
            cluster_new(NOW + n * MINUTE)
            with django_assert_num_queries(7):
                client.get(f"/staff/clusters/{cluster.pk}/")


def test_neighbours_are_found_by_the_index_of_bands(cast: Cast) -> None:
    """Whatever the size of the table: no plan but the index reads the bands once reading everything costs too much."""
    school(3)
    cluster_new(NOW)
    fresh = list(Signature.objects.values_list("pk", flat=True)[:1])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {clustering._NEIGHBOURS}", {"since": RECEIVED, "fresh": fresh})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "signature_bands" in plan or "signature_by_receipt" in plan
