"""Seeded faults of police reports: receipts, days, remedies, the sum of losses, and what leaves the house."""

from __future__ import annotations

from tests.faults.fault import Fault

OF_POLICE = (
    Fault(
        "a report counts without the number of its receipt",
        "cases/police/rules/reporting.py",
        '    found += missing(receipt_no, "receipt_no", receipt, RECEIPT) + too_long(',
        "    found += too_long(",
        ("tests/police/test_reporting.py::test_r54_a_report_without_a_receipt_is_none_yet_and_raises_a_task",),
    ),
    Fault(
        "whoever only reports gets the days of an accuser",
        "cases/police/actions/reporting.py",
        "    if not case.is_accuser:",
        "    if False:",
        ("tests/police/test_reporting.py::test_r54_whoever_only_reports_or_informs_has_no_reconsideration[reporter]",),
    ),
    Fault(
        "people are reminded of the rolled day",
        "cases/police/reminders.py",
        "    rules, strict = house_rules(), days_of(clock).strict",
        "    rules, strict = house_rules(), days_of(clock).last",
        ("tests/police/test_reporting.py::test_r54_an_accuser_sees_both_last_days_and_is_reminded_of_the_strict_one",),
    ),
    Fault(
        "asking the police ends days that have not come",
        "cases/police/actions/reporting.py",
        " and clock.due_at and cst_date(clock.due_at) <= cst_date(now)",
        "",
        ("tests/police/test_reporting.py::test_r54_asking_the_police_ends_the_days_that_have_come_and_no_others",),
    ),
    Fault(
        "help ends while a remedy is open",
        "cases/police/rules/remedies.py",
        "    if reason is not UNASKED and open_remedy(case, now=now)",
        "    if False and open_remedy(case, now=now)",
        ("tests/police/test_reporting.py::test_help_does_not_end_while_a_remedy_is_open_unless_the_consumer_said_so",),
    ),
    Fault(
        "a struck loss is counted",
        "cases/police/models.py",
        "self.losses.filter(struck_at=None)",
        "self.losses.all()",
        ("tests/police/test_preparing.py::test_the_sum_is_that_of_the_rows_that_stand",),
    ),
    Fault(
        "a statement is confirmed that nobody read",
        "cases/police/rules/preparing.py",
        "    if sha256 is not UNASKED and sha256 != bytes(statement.sha256).hex():",
        "    if False:",
        ("tests/police/test_preparing.py::test_a_statement_is_confirmed_by_the_consumers_code_exactly_as_it_was_read",),
    ),
    Fault(
        "what others handed in goes to an authority unlooked at",
        "cases/police/rules/packs.py",
        '        if item.attachment.added_by_kind != "consumer" and item.pk not in known:',
        "        if False:",
        (
            "tests/police/test_packs.py::test_r55_what_others_handed_in_is_listed_only_after_a_person_looked_what_is_covered",
        ),
    ),
    Fault(
        "a pack leaves before a second person let it out",
        "cases/police/rules/packs.py",
        "        if not unfit and not PackRelease.objects.filter(pk=pack.pk).exists():\n            found.append",
        "        if False:\n            found.append",
        ("tests/police/test_packs.py::test_a_pack_that_is_returned_does_not_leave",),
    ),
    Fault(
        "a handed-over pack leaves no trace",
        "cases/police/actions/packs.py",
        "        taken_at=now,\n    ).save(force_insert=True)",
        "        taken_at=now,\n    )",
        ("tests/police/test_packs.py::test_the_page_shows_packs_and_hands_them_over_only_to_who_may",),
    ),
    Fault(
        "the consumer confirms a statement without its losses",
        "cases/police/statement.py",
        '        "losses": losses,\n',
        "",
        ("tests/police/test_portal.py::test_losses_that_changed_since_the_statement_was_read_are_not_confirmed",),
    ),
    Fault(
        "a request is answered with a pack that nobody handed over",
        "cases/police/rules/cooperating.py",
        " or pack is UNASKED or pack.pk not in handed)",
        " or pack is UNASKED)",
        (
            "tests/police/test_house.py::test_a_request_is_on_record_and_answered_once_with_data_only_as_a_pack_that_was_handed_over",
        ),
    ),
    Fault(
        "the house's own report is brought by a consumer",
        "cases/police/rules/reporting.py",
        "    if case.is_own and reported_by not in (UNASKED, ReportedBy.HOUSE):\n",
        "    if False:\n",
        (
            "tests/police/test_house.py::test_it_leaves_by_a_second_person_under_the_name_of_the_house_and_is_reported_by_it",
        ),
    ),
    Fault(
        "staff open help with a report that nobody wished",
        "cases/complaints/rules/reporting.py",
        "    said = wish if actor.is_staff else UNASKED\n",
        "    said = UNASKED\n",
        ("tests/police/test_portal.py::test_staff_still_say_where_it_was_wished_and_nobody_asks_for_another_person",),
    ),
)
