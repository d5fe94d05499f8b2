"""Seeded faults of dual recording and of the gate before disbursement."""

from __future__ import annotations

from tests.faults.fault import Fault

LIFE, GATE, KEEPING, PAGES = (
    f"tests/recordings/test_{name}.py::" for name in ("lifecycle", "gate", "keeping", "pages")
)

OF_RECORDINGS = (
    Fault(
        "a recording that has not passed opens the gate",
        "lending/recordings/gate.py",
        "    if not recording.has_passed:\n        yield from _unpassed(recording)\n",
        "",
        (f"{GATE}test_a_failed_recording_names_why",),
    ),
    Fault(
        "what was read is not compared with the contract",
        "lending/recordings/gate.py",
        "    for name in _odd(read, contract.values):",
        "    for name in _odd(read, read):",
        (f"{GATE}test_another_amount_closes_the_gate",),
    ),
    Fault(
        "a student found later is not asked about",
        "lending/recordings/gate.py",
        'code in ("person.young", "person.student") and code not in cleared | named',
        'code in ("person.young",) and code not in cleared | named',
        (f"{GATE}test_a_student_found_after_the_recording_closes_the_gate_until_a_person_answers",),
    ),
    Fault(
        "parts are taken before consent",
        "lending/recordings/rules.py",
        "    if recording.state == State.RECORDING:\n        return []\n    message",
        "    if recording.state != State.DESTROYED:\n        return []\n    message",
        (f"{LIFE}test_nothing_is_taken_before_consent_and_a_changed_question_is_asked_again",),
    ),
    Fault(
        "whoever recorded it judges it",
        "lending/recordings/rules.py",
        'RECORDERS = ("recordings.schedule", "recordings.begin", "recordings.finish")',
        "RECORDERS = ()",
        (f"{LIFE}test_a_person_judges_what_somebody_else_recorded_after_a_look",),
    ),
    Fault(
        "it passes with a point nobody answered",
        "lending/recordings/rules.py",
        "    if passed and (open_flags or faults):",
        "    if passed and faults:",
        (f"{LIFE}test_every_flag_is_answered_before_it_passes",),
    ),
    Fault(
        "the same film serves two contracts",
        "lending/recordings/checking.py",
        "    if others.exists():",
        "    if False:",
        (f"{LIFE}test_the_same_file_under_another_contract_fails",),
    ),
    Fault(
        "a switched-off microphone is not seen",
        "lending/recordings/checks.py",
        "run = run + 1 if size < quiet_bytes else 0",
        "run = 0",
        (f"{LIFE}test_silence_and_holes_wait_for_a_person",),
    ),
    Fault(
        "one person destroys a recording",
        "lending/recordings/rules.py",
        "    elif first.voter_person == actor.person:",
        "    elif False:",
        (f"{KEEPING}test_two_people_destroy_it_with_proof_and_nothing_opens_any_more",),
    ),
    Fault(
        "a hold does not hold",
        "lending/recordings/retention.py",
        "    if queries.hold_on(recording):",
        "    if False:",
        (f"{KEEPING}test_a_hold_beats_every_period_and_is_lifted_by_somebody_else",),
    ),
    Fault(
        "a complaint does not keep the recording of its loan",
        "cases/disputes.py",
        "ask_disputes(disputes_about)\n",
        "",
        (f"{KEEPING}test_a_complaint_about_the_loan_is_such_a_dispute",),
    ),
    Fault(
        "it plays without a look",
        "lending/recordings/playing.py",
        "not queries.may_play(recording, actor, now=now) or ",
        "",
        (f"{PAGES}test_it_plays_in_stretches_to_who_has_written_down_the_look",),
    ),
    Fault(
        "every page may ask for the microphone",
        "jike/web/headers.py",
        "microphone=(), payment",
        "microphone=(self), payment",
        (f"{PAGES}test_only_the_page_that_records_may_ask_for_the_microphone",),
    ),
)
