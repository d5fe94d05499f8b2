"""Faults seeded in the correcting of what was recorded."""

from __future__ import annotations

from tests.faults.fault import Fault

CORRECTIONS = (
    Fault(
        "amount or merchant is corrected without a reason",
        "cases/complaints/rules/correcting.py",
        '    found += missing(reason, "reason", _("Say why this is corrected; the reason is kept."), "O2020-3 art 28")\n',
        "",
        ("tests/complaints/test_correcting.py::test_a_correction_has_a_reason_and_changes_something",),
    ),
    Fault(
        "a corrected merchant lets its friends stay",
        "cases/complaints/actions/correcting.py",
        "        recuse_by_relations(case, actor=actor, now=now)\n",
        "",
        ("tests/complaints/test_correcting.py::test_whoever_is_related_to_the_right_merchant_is_kept_from_the_case",),
    ),
    Fault(
        "a corrected amount leaves no trace",
        "cases/complaints/actions/correcting.py",
        "        case.tell(was_amount=_text(case.amount_cny), amount=_text(amount_cny))\n",
        "",
        (
            "tests/complaints/test_correcting.py::test_amount_and_merchant_are_corrected_with_before_and_after_and_no_clock_moves",
        ),
    ),
    Fault(
        "a time of receipt is corrected without evidence",
        "cases/complaints/rules/correcting.py",
        '    if paper is None and not str(recording or "").strip():',
        "    if False:",
        (
            "tests/complaints/test_correcting.py::test_a_receipt_is_asked_for_with_a_possible_time_a_reason_and_evidence",
        ),
    ),
    Fault(
        "a complaint is received after it was registered",
        "cases/complaints/rules/correcting.py",
        "    if at > case.registered_at:",
        "    if False:",
        ("tests/complaints/test_correcting.py::test_a_later_receipt_is_counted_too_but_none_after_the_registration",),
    ),
    Fault(
        "a receipt is corrected after the decision was told",
        "cases/complaints/rules/correcting.py",
        "    if case.reopened_at or case.review_requested_at:",
        "    if False:",
        ("tests/complaints/test_correcting.py::test_once_a_decision_was_told_the_receipt_stays",),
    ),
    Fault(
        "a receipt that moved since is corrected all the same",
        "cases/complaints/rules/correcting.py",
        "    if approval and datetime.fromisoformat(_asked(approval)) != case.received_at:",
        "    if False:",
        (
            "tests/complaints/test_correcting.py::test_the_second_person_agrees_to_what_was_read_and_to_nothing_that_moved_since",
        ),
    ),
    Fault(
        "whoever asked to correct the receipt agrees",
        "cases/complaints/rules/correcting.py",
        "    found += approvals.blockers_to_vote(case, actor, approval, payload=payload)\n",
        "",
        (
            "tests/complaints/test_correcting.py::test_the_second_person_agrees_to_what_was_read_and_to_nothing_that_moved_since",
        ),
    ),
    Fault(
        "a correction of the receipt forgets the pauses",
        "cases/complaints/counting.py",
        "    return dates.due(clock.rule, at, pauses=pauses_of(case, since=at), calendar=calendars.current())",
        "    return dates.due(clock.rule, at, calendar=calendars.current())",
        ("tests/complaints/test_correcting.py::test_pauses_stay_where_they_were",),
    ),
    Fault(
        "a correction of the receipt moves what new facts began",
        "cases/complaints/counting.py",
        "    return clock if clock and clock.started_at == case.received_at else None",
        "    return clock",
        ("tests/complaints/test_correcting.py::test_an_agreed_day_and_a_count_begun_anew_do_not_move",),
    ),
    Fault(
        "a receipt that makes the case late records no breach",
        "cases/complaints/counting.py",
        "    mark_breach_of(case.pk, now)\n",
        "",
        (
            "tests/complaints/test_correcting.py::test_an_earlier_receipt_may_make_it_overdue_at_once_and_the_breach_is_told",
        ),
    ),
    Fault(
        "the database lets one person move the receipt",
        "cases/complaints/guards.py",
        "          AND a.verb = 'complaints.approve_receipt_time' AND a.verdict = 'approved' AND a.voter_person <> a.maker_person\n          AND NOT EXISTS",
        "          AND NOT EXISTS",
        ("tests/complaints/test_correcting_doors.py::test_the_receipt_changes_neither_by_sql_nor_with_an_event_alone",),
    ),
    Fault(
        "an old correction of the receipt serves again",
        "cases/complaints/guards.py",
        "AND l.corrected_at > r.corrected_at",
        "AND false",
        (
            "tests/complaints/test_correcting_doors.py::test_an_approved_correction_covers_its_own_two_times_and_is_history",
        ),
    ),
    Fault(
        "the consumer reads of new facts when the receipt was corrected",
        "cases/clocks/lay.py",
        '        return _("The time your complaint arrived was corrected; it is counted from then.")',
        "        pass",
        (
            "tests/complaints/test_correcting_doors.py::test_the_second_person_reads_old_and_new_and_the_consumer_sees_why_the_day_moved",
        ),
    ),
)
