"""Seeded faults of loans, their cost, their return, and the orders that move money."""

from __future__ import annotations

from tests.faults.fault import Fault

OF_MONEY = (
    Fault(
        "a document about a loan contradicts an earlier one unseen",
        "lending/loans/rules.py",
        "        elif later != line and not settles(line, later):",
        "        elif False:",
        ("tests/lending/test_loans.py::test_what_was_told_before_is_not_contradicted_and_every_reason_is_named",),
    ),
    Fault(
        "a loan document is not sealed",
        "lending/loans/actions.py",
        "    seal_document(row, now=now)\n",
        "",
        ("tests/lending/test_loans.py::test_every_document_is_sealed_and_a_changed_row_shows",),
    ),
    Fault(
        "a cost form is confirmed a second too early",
        "lending/cost/actions.py",
        "    if (now - shown_at).total_seconds() >= required:",
        "    if (now - shown_at).total_seconds() >= required - 1:",
        ("tests/lending/test_cost.py::test_a_form_is_confirmed_after_it_was_in_sight_long_enough_and_kept_as_shown",),
    ),
    Fault(
        "the cap on cost is judged after rounding",
        "lending/cost/form.py",
        "return self.annual_percent > self.policy.cap_percent",
        "return shown(self.annual_percent) > self.policy.cap_percent",
        ("tests/lending/test_cost.py::test_the_cap_is_judged_before_rounding_and_by_the_printed_method",),
    ),
    Fault(
        "a fee paid by itself is not given back",
        "refunds/movements.py",
        "(*_disbursed(document, at), *_paid_directly(document, at), *_repaid(document, at))",
        "(*_disbursed(document, at), *_repaid(document, at))",
        (
            "tests/refunds/test_settling.py::test_whatever_was_paid_the_books_close_at_zero_and_the_consumer_pays_nothing",
        ),
    ),
    Fault(
        "a debit under way is set off although it may never come",
        "refunds/settling.py",
        " and not due.awaited:",
        ":",
        (
            "tests/refunds/test_settling.py::test_money_the_consumer_has_in_hand_is_set_off_and_a_debit_that_may_not_come_is_not",
        ),
    ),
    Fault(
        "the day of registering counts, not the first word",
        "refunds/window.py",
        "key=lambda one: one.at, default=None",
        "key=lambda one: one.recorded_at or one.at, default=None",
        ("tests/refunds/test_window.py::test_the_first_word_in_any_channel_counts_whenever_it_is_registered",),
    ),
    Fault(
        "a flagged loan is refused and not held",
        "refunds/screening.py",
        "    if flagged:\n",
        "    if flagged and not refused:\n",
        ("tests/refunds/test_screening.py::test_a_fraud_flag_holds_whatever_else_is_found",),
    ),
    Fault(
        "an order without an answer is sent again unasked",
        "lending/orders/handlers.py",
        "None if order.state == Order.State.REQUESTED and is_first else gateway().ask(order)",
        "None if order.state == Order.State.REQUESTED else gateway().ask(order)",
        (
            "tests/lending/test_orders.py::test_an_order_that_was_taken_but_not_answered_is_asked_after_and_never_sent_again[reset]",
        ),
    ),
    Fault(
        "an order that was confirmed can be told to have failed",
        "lending/orders/actions.py",
        "    elif row.state != ending:",
        "    elif False:",
        ("tests/lending/test_orders.py::test_an_ending_told_a_hundred_times_is_kept_once_and_not_turned",),
    ),
    Fault(
        "a return is asked for and collection goes on",
        "refunds/actions/asking.py",
        "    booking.order_plain(case, LegKind.SUPPRESS, actor=machine_actor(MACHINE), now=now)\n    party = add_speaker(",
        "    party = add_speaker(",
        ("tests/refunds/test_course.py::test_a_request_stops_collection_in_its_own_transaction",),
    ),
    Fault(
        "money goes back although people have to decide",
        "refunds/rules/paying.py",
        "    if not found and not is_free(case):",
        "    if False:",
        ("tests/refunds/test_judging.py::test_a_large_return_waits_for_two_people_and_then_goes_by_itself",),
    ),
    Fault(
        "a callback with another amount is believed",
        "lending/orders/callbacks.py",
        '    if "cents" in body and body["cents"] != (order.amount_cents or 0):',
        "    if False:",
        ("tests/refunds/test_callbacks.py::test_another_amount_moves_nothing_and_a_person_looks",),
    ),
    Fault(
        "a machine goes on after an answer that did not fit",
        "refunds/rules/paying.py",
        "    if not found and not actor.is_staff and case.stuck_code in DOUBTS:",
        "    if False:",
        ("tests/refunds/test_callbacks.py::test_another_amount_moves_nothing_and_a_person_looks",),
    ),
    Fault(
        "a return goes on to its end before every leg is confirmed",
        "refunds/models.py",
        "        return bool(self.money_legs) and all(leg.state in DONE for leg in self.money_legs)",
        "        return bool(self.money_legs)",
        ("tests/refunds/test_course.py::test_a_clean_return_goes_its_whole_way_without_a_person",),
    ),
    Fault(
        "a debit that failed stays in the books",
        "refunds/booking.py",
        '            (2, "leg", leg.kind, leg.receiver, leg.payer),\n',
        "",
        ("tests/refunds/test_money.py::test_a_debit_that_failed_is_booked_back_and_holds_up_nobody",),
    ),
    Fault(
        "silence counts although the terms do not say so",
        "refunds/screening.py",
        "facts.service.merchant_says or not (facts.promise and facts.promise.silence_is_unserved):",
        "facts.service.merchant_says:",
        ("tests/refunds/test_judging.py::test_silence_means_nothing_where_the_terms_do_not_say_so",),
    ),
    Fault(
        "the borrower's name plays no part",
        "refunds/portal/views.py",
        "    person = person_called(phone, name)",
        "    person = person_called(phone, '张小明')",
        ("tests/refunds/test_portal.py::test_another_name_or_number_sees_nothing",),
    ),
)
