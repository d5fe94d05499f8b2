"""Two cases linked by a person: seen from both ends, ended from either, and told to nobody who may not open the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.complaints import actions
from cases.models import Event, Link
from cases.queries import links_for, sight_of
from jike.base.errors import Refused
from tests.factories import complaints as factory
from tests.factories.complaints import RECEIVED
from tests.people import Cast, staff

LATER = RECEIVED + timedelta(days=1)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


@pytest.fixture
def two(cast: Cast) -> tuple:
    one = factory.complaint(cast, at="claimed")
    return one, factory.complaint(cast, at="claimed", phone="13900139000")


def link(case, other, cast: Cast, kind: str = "related"):
    return actions.link_case(case, actor=cast.handler.actor, now=LATER, other=other, kind=kind)


def test_a_link_is_seen_from_both_ends_and_ended_from_either(two: tuple, cast: Cast) -> None:
    one, other = two

    link(one, other, cast)
    made = Link.objects.get()
    assert links_for(cast.handler.actor, one) == links_for(cast.handler.actor, other) == [made]
    assert Event.objects.get(verb="complaints.link").data == {"other": str(other.pk), "kind": "related"}

    actions.unlink_case(other, actor=cast.handler.actor, now=LATER, link=made)
    assert links_for(cast.handler.actor, one) == links_for(cast.handler.actor, other) == []
    assert Link.objects.get().ended_at == LATER
    link(one, other, cast)
    assert Link.objects.filter(ended_at=None).count() == 1


def test_a_pair_that_belongs_together_is_linked_once_from_whichever_end(two: tuple, cast: Cast) -> None:
    one, other = two
    link(one, other, cast)

    for case, second in ((one, other), (other, one)):
        with pytest.raises(Refused) as refused:
            link(case, second, cast)
        assert codes(refused) == ["link.exists"]
    link(one, other, cast, kind="repeat_of")
    assert Link.objects.filter(case=one, other=other, kind="repeat_of").exists()


def test_only_to_another_case_that_opens_to_the_person(two: tuple, cast: Cast) -> None:
    one, _other = two
    strange = factory.of_branch(cast, at="claimed", phone="13700137000")

    for second, code in ((strange, "other.unknown"), (one, "other.same"), (None, "other.unknown")):
        with pytest.raises(Refused) as refused:
            link(one, second, cast)
        assert codes(refused) == [code]
    with pytest.raises(Refused) as refused:
        link(one, two[1], cast, kind="merged_into")
    assert codes(refused) == ["kind.unknown"]


def test_a_merger_is_not_undone_by_ending_its_link(cast: Cast) -> None:
    case = factory.complaint(cast, at="merged")
    merger = Link.objects.get(kind="merged_into")

    with pytest.raises(Refused) as refused:
        actions.unlink_case(case, actor=cast.handler.actor, now=LATER, link=merger)
    assert codes(refused) == ["link.unknown"]
    assert Link.objects.get(pk=merger.pk).ended_at is None


def test_whoever_is_recused_from_the_other_does_not_see_the_link(two: tuple, cast: Cast) -> None:
    one, other = two
    link(one, other, cast)
    assert links_for(cast.supervisor.actor, one)

    actions.recuse_oneself(other, actor=cast.supervisor.actor, now=LATER, ground="interest", reason="亲属。")

    assert links_for(cast.supervisor.actor, one) == []
    assert links_for(cast.handler.actor, one)


def test_the_door_sees_as_far_as_sight_does(two: tuple, cast: Cast) -> None:
    """Set-wise and case by case give the same answer, for everybody."""
    one, _other = two
    ends = [
        factory.complaint(cast, at="deciding", phone="13900000001"),
        factory.file(phone="13900000002", now=RECEIVED),
        factory.of_branch(cast, at="claimed", phone="13900000003"),
        factory.complaint(cast, at="reviewing", phone="13900000004"),
    ]
    for end in ends:
        Link.objects.create(case=one, other=end, kind="related", created_at=LATER)
    everybody = [
        cast.handler, cast.colleague, cast.supervisor, cast.stranger, cast.auditor, cast.executive,
        staff("x", "supervisor", unit=cast.other_unit),
    ]  # fmt: skip
    for member in everybody:
        seen = {row.other_id for row in links_for(member.actor, one)}
        assert seen == {end.pk for end in ends if sight_of(end, member.actor)}, member.user.username
    assert links_for(factory.consumer_of(ends[0]), one)[0].other_id == ends[0].pk


def test_number_of_queries_does_not_grow_with_the_links(cast: Cast, django_assert_num_queries) -> None:
    one = factory.complaint(cast, at="claimed")
    for n in range(6):
        other = factory.file(phone=f"1390000{n:04}")
        Link.objects.create(case=one, other=other, kind="related", created_at=LATER)
        if n in (0, 5):
            with django_assert_num_queries(2):
                assert len(links_for(cast.supervisor.actor, one)) == n + 1
