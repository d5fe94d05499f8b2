"""Seeded faults of litigation support: limitation, small claims, papers, the seal, the court's clocks."""

from __future__ import annotations

from tests.faults.fault import Fault

OF_LITIGATION = (
    Fault(
        "a claim of exactly half the wage is no small claim",
        "cases/litigation/assessment.py",
        "Band.MUST if percent <= rules.must else Band.MAY",
        "Band.MUST if percent < rules.must else Band.MAY",
        ("tests/litigation/test_assessment.py::test_the_small_claims_test_stands_on_the_wage",),
    ),
    Fault(
        "the longest period of limitation is forgotten",
        "cases/litigation/limitation.py",
        "        ends = [self.running.due.day, self.cap.day] if self.running else [self.cap.day]\n",
        "        ends = [self.running.due.day] if self.running else [self.cap.day]\n",
        ("tests/litigation/test_assessment.py::test_twenty_years_after_the_harm_nothing_interrupts_any_more",),
    ),
    Fault(
        "a proceeding starts limitation anew while it still goes on",
        "cases/litigation/limitation.py",
        "        if fact.kind in PROCEEDINGS and fact.until is None:\n",
        "        if fact.kind in PROCEEDINGS and fact.until is None and False:\n",
        ("tests/litigation/test_assessment.py::test_a_proceeding_interrupts_until_its_end_is_known",),
    ),
    Fault(
        "papers changed since they were read are confirmed all the same",
        "cases/litigation/rules/preparing.py",
        "    if sha256 is not UNASKED and sha256 != now_is.hex():\n",
        "    if False:\n",
        ("tests/litigation/test_papers.py::test_only_the_papers_that_were_read_are_confirmed_and_a_change_asks_anew",),
    ),
    Fault(
        "a bundle of earlier evidence is good enough for the court",
        "cases/litigation/rules/preparing.py",
        '    return bundle if plan.read(bundle)["items"] == now_is else None\n',
        "    return bundle\n",
        (
            "tests/litigation/test_papers.py::test_an_item_that_lacks_something_or_a_bundle_of_other_evidence_bars_the_seal",
        ),
    ),
    Fault(
        "papers go to a court without a second person",
        "cases/litigation/rules/court.py",
        "    if case.known_seal and not is_released(case.known_seal.bundle):\n",
        "    if False:\n",
        ("tests/litigation/test_papers.py::test_nothing_goes_to_a_court_before_a_second_person_released_the_bundle",),
    ),
    Fault(
        "an appeal of small claims is let through",
        "cases/litigation/rules/judging.py",
        "    if case.is_final_at_once:\n",
        "    if False:\n",
        ("tests/litigation/test_court.py::test_small_claims_end_with_the_judgment_and_no_appeal_is_offered",),
    ),
    Fault(
        "a hearing that was called off is reminded of",
        "cases/litigation/rules/reminding.py",
        "    to_come = {row.pk for row in open_hearings(case) if row.at > now}\n",
        "    to_come = {row.pk for row in case.known_hearings if row.at > now}\n",
        ("tests/litigation/test_court.py::test_a_hearing_is_told_at_once_reminded_of_and_not_after_it_was_called_off",),
    ),
    Fault(
        "counsel reads the complaint of a case somebody else handles",
        "cases/queries.py",
        "onward.filter(other__assignee_id=actor.id, other__kind",
        "onward.filter(other__kind",
        (
            "tests/litigation/test_opening.py::test_counsel_reads_the_matter_while_handling_it_and_nobody_else_of_the_unit_does",
        ),
    ),
    Fault(
        "a paper with a changed defendant's number is good enough",
        "cases/litigation/papers.py",
        '        content["defendant_uscc"] = uscc_of(case)\n',
        "        pass\n",
        (
            "tests/litigation/test_papers.py::test_a_defendant_with_another_number_makes_the_statement_stale_and_no_other_paper",
        ),
    ),
    Fault(
        "papers for another court go on",
        "cases/litigation/papers.py",
        '    content["court"] = case.court\n',
        "",
        ("tests/litigation/test_papers.py::test_another_court_is_chosen_and_the_papers_are_drafted_anew",),
    ),
    Fault(
        "a stale paper is printed",
        "cases/litigation/handlers.py",
        "    if papers.is_stale(case, draft):\n",
        "    if False:\n",
        (
            "tests/litigation/test_papers.py::test_every_column_of_the_list_makes_it_stale_and_a_stale_list_is_not_printed",
        ),
    ),
    Fault(
        "nobody hears that the days to appeal are over",
        "cases/litigation/handlers.py",
        "            actions.tell_unappealed(case, now=now)\n",
        "            pass\n",
        (
            "tests/litigation/test_court.py::test_fifteen_days_roll_over_a_day_off_and_then_counsel_says_that_the_judgment_is_in_force",
        ),
    ),
    Fault(
        "cases nobody can be told of keep all others waiting",
        "cases/litigation/handlers.py",
        "        last = batch[-1].pk\n",
        "        return\n",
        ("tests/litigation/test_court.py::test_a_case_nobody_can_be_told_of_keeps_no_other_from_its_turn",),
    ),
    Fault(
        "a ruling of the court above is told to nobody",
        "cases/litigation/actions/judging.py",
        "        words.tell(case, words.RULED_ABOVE, now=now, is_upheld=outcome == UPHELD)\n",
        "        pass\n",
        ("tests/litigation/test_court.py::test_the_court_above_judges_sends_back_or_upholds",),
    ),
    Fault(
        "where the harm was done lies in clear",
        "cases/litigation/models.py",
        "    tort_place = EncryptedTextField(blank=True)\n",
        "    tort_place = models.TextField(blank=True)\n",
        ("tests/litigation/test_assessment.py::test_the_province_is_one_and_the_places_are_sealed",),
    ),
    Fault(
        "a criminal case that goes on lets limitation run",
        "cases/police/effect.py",
        "case.case_ended_on if case.docket_no else case.refused_on",
        "case.refused_on",
        (
            "tests/litigation/test_limitation.py::test_a_case_of_the_police_interrupts_until_it_ends_also_after_our_help_has_ended",
        ),
    ),
    Fault(
        "who only informs the police interrupts limitation",
        "cases/police/effect.py",
        "    if case.capacity == Capacity.INFORMANT or not case.receipt_no",
        "    if not case.receipt_no",
        (
            "tests/litigation/test_limitation.py::test_who_only_informs_and_a_report_without_a_receipt_interrupt_nothing",
        ),
    ),
    Fault(
        "what the police answered leaves the clock of limitation as it was",
        "cases/litigation/handlers.py",
        "            _unless_over(actions.recount_limitation, case, {})\n",
        "            pass\n",
        (
            "tests/litigation/test_limitation.py::test_a_report_interrupts_until_the_refusal_is_received_and_then_it_counts_anew",
        ),
    ),
    Fault(
        "the simplified procedure halves no fee",
        "cases/litigation/fees.py",
        "        return self.half if procedure in self.rules.halved else self.full\n",
        "        return self.full\n",
        ("tests/litigation/test_fees.py::test_the_fee_is_added_up_band_by_band",),
    ),
    Fault(
        "the consumer is reminded of a fee the house advances",
        "cases/litigation/actions/reminding.py",
        "    if clock.family not in OURS and not _advanced_by_us(case, clock):\n",
        "    if clock.family not in OURS:\n",
        (
            "tests/litigation/test_fees.py::test_what_the_house_advances_is_no_day_of_the_consumer_and_reminds_counsel_alone",
        ),
    ),
)
