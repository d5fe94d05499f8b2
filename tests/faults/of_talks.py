"""Seeded faults of what the two sides of a mediation hand in, read, consent to, and of who acts for the merchant."""

from __future__ import annotations

from tests.faults.fault import Fault

FILES, WRITING = "tests/mediation/test_files.py", "tests/mediation/test_writing.py"
LONGER, RELEASING = "tests/mediation/test_longer.py", "tests/mediation/test_releasing.py"
COLLEAGUES, RECUSAL = "tests/mediation/test_colleagues.py", "tests/mediation/test_recusal.py"

OF_TALKS = (
    Fault(
        "a merchant adds papers to any complaint",
        "cases/complaints/rules/attaching.py",
        " or no_link_from(case, actor, now=now)",
        "",
        (f"{FILES}::test_without_its_link_a_merchant_adds_no_paper_to_the_complaint_either",),
    ),
    Fault(
        "a merchant gets what was released to the consumer",
        "cases/mediation/talks/files.py",
        "copies_for(labels, actor.kind)",
        'copies_for(labels, "consumer")',
        (f"{FILES}::test_the_consumer_sees_a_copy_once_it_is_released_and_the_merchant_only_what_is_released_to_it",),
    ),
    Fault(
        "what a merchant hands in takes the consumer's room",
        "cases/attachments/rules.py",
        "held.exclude(added_by_kind=MERCHANT)",
        "held",
        (f"{FILES}::test_each_side_has_a_room_of_its_own",),
    ),
    Fault(
        "the mediator's words to the merchant reach the consumer",
        "cases/mediation/actions/writing.py",
        "audience=Message.Audience.MERCHANT",
        "audience=Message.Audience.CONSUMER",
        (f"{WRITING}::test_the_side_reads_and_answers_on_its_page_and_the_other_never_does[merchant]",),
    ),
    Fault(
        "the mediator may write a consumer's number to the merchant",
        "cases/mediation/rules/writing.py",
        "side in Side.values and names_the_other(",
        "False and names_the_other(",
        (f"{WRITING}::test_a_number_is_refused_to_either_side",),
    ),
    Fault(
        "one yes lengthens a mediation",
        "cases/mediation/actions/lengthening.py",
        "flat=True)) == set(Side.values)",
        "flat=True)) != set()",
        (f"{LONGER}::test_it_is_longer_with_the_second_yes_and_counted_from_the_first_day",),
    ),
    Fault(
        "a yes to a longer period needs no code",
        "cases/mediation/rules/longer.py",
        "    elif says_yes and actor.kind in Side.values:",
        "    elif False:",
        (f"{LONGER}::test_a_yes_needs_the_code_of_the_own_phone_or_what_staff_can_show",),
    ),
    Fault(
        "the end of the period undoes what both have signed",
        "cases/mediation/rules/longer.py",
        "    if set(Side.values) <= case.signed_by:",
        "    if False:",
        (f"{LONGER}::test_what_both_have_signed_waits_for_its_seal_and_for_no_date",),
    ),
    Fault(
        "an offer goes into a bundle with one consent",
        "cases/mediation/released.py",
        "if set(sides) == set(Side.values)",
        "if sides",
        (f"{RELEASING}::test_r48_only_what_both_released_goes_in_marked_with_both_consents_and_their_times",),
    ),
    Fault(
        "a consent is taken back while the bundle is sealed with it",
        "cases/mediation/released.py",
        "    if lock:",
        "    if False:",
        (f"{RELEASING}::test_taking_back_and_binding_at_once_end_with_one_of_them",),
    ),
    Fault(
        "a colleague signs without being named to",
        "cases/mediation/rules/agreeing.py",
        "filter(pk=actor.id, may_sign=True)",
        "filter(pk=actor.id)",
        (f"{COLLEAGUES}::test_a_colleague_signs_only_where_named_to_and_the_database_sees_to_it",),
    ),
    Fault(
        "a link that was passed on names colleagues",
        "cases/mediation/rules/delegating.py",
        "filter(pk=actor.id, delegated_by=None)",
        "filter(pk=actor.id)",
        (f"{COLLEAGUES}::test_nobody_passes_a_link_on_and_nobody_else_names_colleagues",),
    ),
    Fault(
        "the list of open cases shows another merchant's",
        "cases/mediation/queries.py",
        "case__merchant_id=here.merchant_id, ",
        "",
        (f"{COLLEAGUES}::test_the_merchant_finds_its_open_cases_of_this_number_and_never_anothers",),
    ),
    Fault(
        "a recusal that comes later stays with the case it was said in",
        "cases/recusals.py",
        '    if not is_carried and case.has("carried_on"):',
        "    if False:",
        (f"{RECUSAL}::test_r20_a_recusal_that_comes_later_reaches_every_open_case_of_the_matter[0]",),
    ),
    Fault(
        "messages call every origin a complaint",
        "cases/mediation/words.py",
        'return ORIGINS.get(case.origin.kind, "事项")',
        'return "投诉"',
        (f"{WRITING}::test_the_words_say_what_it_came_from",),
    ),
)
