"""Seeded faults: each is one wrong line in a copy of the tree, and the tests that must notice it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.faults.corrections import CORRECTIONS
from tests.faults.fault import Fault
from tests.faults.of_litigation import OF_LITIGATION
from tests.faults.of_money import OF_MONEY
from tests.faults.of_police import OF_POLICE
from tests.faults.of_recordings import OF_RECORDINGS
from tests.faults.of_talks import OF_TALKS

__all__ = ["FAULTS", "Fault", "all_killers", "copy_of_the_tree", "failing", "seed"]

COPIED = ("jike", "cases", "lending", "refunds", "tests", "config", "templates", "manage.py", "pyproject.toml")
LINKED = ("static", "locale", "docs")


FAULTS = (
    Fault(
        "a power is not asked",
        "jike/base/powers.py",
        "if actor.can(power):",
        "if actor:",
        ("tests/complaints/test_matrix.py::test_without_the_power_the_verb_is_refused",),
    ),
    Fault(
        "an incomplete notice is let through",
        "cases/complaints/rules/notice.py",
        "if not proof else []",
        "if False else []",
        ("tests/faults/test_single_reasons.py::test_worker_without_proof_is_refused_and_with_a_delivery_is_not",),
    ),
    Fault(
        "a statutory part of the decision is not asked for",
        "cases/complaints/rules/parts.py",
        '    found += missing(reasons, "reasons", _("Give the reasons."), ART)\n',
        "",
        ("tests/complaints/test_lifecycle.py::test_proposal_needs_every_statutory_part_and_the_headings",),
    ),
    Fault(
        "no ledger entry is written",
        "cases/models/case.py",
        "        rows.insert(*new, entry)\n",
        "        rows.insert(*new)\n",
        ("tests/complaints/test_guards.py::test_the_path_itself_is_let_through",),
    ),
    Fault(
        "no outbox job is written",
        "cases/messages.py",
        "jobs.rows_for(",
        "(lambda *a, **k: [])(",
        ("tests/faults/test_kills.py::test_worker_killed_over_a_letter",),
    ),
    Fault(
        "a state has one source too many",
        "cases/complaints/models.py",
        "source=State.INVESTIGATING, target=State.DECIDING)",
        "source=[State.RECEIVED, State.INVESTIGATING], target=State.DECIDING)",
        ("tests/faults/test_single_reasons.py::test_classified_complaint_is_proposed_only_after_it_was_accepted",),
    ),
    Fault(
        "the row is not locked",
        "cases/models/case.py",
        'locked = rows.select_for_update(of=("self",) if model is Case else ("case_ptr", "self"))',
        "locked = rows",
        ("tests/complaints/test_race.py::test_two_handlers_claim_one_case",),
    ),
    Fault(
        "what a case has is read while the act waits for the lock",
        "cases/models/case.py",
        'rows = model.objects.select_related("responsible_institution", "unit")',
        'rows = model.objects.select_related("responsible_institution", "unit").annotate(held=holdings.column("complaint"))',
        ("tests/complaints/test_race.py::test_what_a_case_has_is_read_after_the_wait",),
    ),
    Fault(
        "a job is claimed without comparing",
        "jike/outbox/leases.py",
        "       AND (state = 'ready' AND due_at <= %(now)s OR state = 'running' AND lease_until < %(now)s)\n",
        "",
        ("tests/outbox/test_leases.py::test_claim_takes_a_due_job_once",),
    ),
    Fault(
        "a late worker may record behind a newer fence",
        "jike/outbox/leases.py",
        "state=Job.State.RUNNING, fence=self.fence)",
        "state=Job.State.RUNNING)",
        ("tests/outbox/test_leases.py::test_a_worker_behind_a_newer_fence_records_nothing",),
    ),
    Fault(
        "work is published after the commit instead of written with the fact",
        "cases/messages.py",
        "    return [\n        row\n",
        "    from functools import partial\n\n    from django.db import transaction\n\n    from jike.base.failpoints import failpoint\n\n"
        "    def later(call):\n        transaction.on_commit(lambda: (failpoint('verb.committed'), call()))\n\n"
        "    jobs.rows_for = lambda *a, **k: later(partial(jobs.post_many, *a, **k)) or []\n    return [\n        row\n",
        ("tests/faults/test_kills.py::test_web_killed_anywhere_in_a_transition_and_in_a_filing",),
    ),
    Fault(
        "the key of idempotency is ignored",
        "jike/verbs/decorators.py",
        "                if key and row.has_done(name, key):",
        "                if False:",
        (
            "tests/complaints/test_lifecycle.py::test_same_key_gives_the_first_answer_and_one_event",
            "tests/complaints/test_race.py::test_one_key_does_a_verb_once",
        ),
    ),
    Fault(
        "the provider gets a new key with each try",
        "cases/handlers.py",
        "key=str(message.pk)",
        "key=f'{message.pk}:{job.fence}'",
        ("tests/faults/test_kills.py::test_worker_killed_anywhere_in_a_delivery",),
    ),
    Fault(
        "masked sight shows everything",
        "cases/desk/page.py",
        '    sees_all = sight_of(case, actor) == "full"\n',
        "    sees_all = True\n",
        ("tests/security/test_other_peoples_cases.py::test_masked_sight_is_a_head_without_a_person",),
    ),
    Fault(
        "the door lets everybody in who knows the number",
        "cases/queries.py",
        "if case is None or sight_of(case, actor) is None:",
        "if case is None:",
        ("tests/security/test_other_peoples_cases.py::test_staff_without_sight_learn_nothing",),
    ),
    Fault(
        "nobody compares the voter with the maker",
        "cases/approvals.py",
        "    if approval and actor.person == approval.maker_person:",
        "    return []\n    if approval and actor.person == approval.maker_person:",
        ("tests/complaints/test_lifecycle.py::test_nobody_approves_own_work_not_even_with_a_second_account",),
    ),
    Fault(
        "the text of a message is logged",
        "cases/handlers.py",
        "    receipt = channels.get(message.channel).send(\n",
        '    logger.debug("sending %s", open_sealed(message, "body"))\n    receipt = channels.get(message.channel).send(\n',
        ("tests/security/test_canaries.py::test_nothing_of_the_canary_lies_anywhere_in_the_clear",),
    ),
    Fault(
        "a recused person still finds the case in the lists",
        "cases/queries.py",
        '    return cases.filter(~Exists(_recusals_of(actor).filter(case_id=OuterRef("pk"))))',
        "    return cases",
        (
            "tests/complaints/test_recusal.py::test_declared_recusal_is_effective_at_once_for_every_account_of_the_person",
        ),
    ),
    Fault(
        "a recused person still opens the case",
        "cases/queries.py",
        "    if case.barred(actor):\n        return None\n",
        "",
        (
            "tests/complaints/test_recusal.py::test_declared_recusal_is_effective_at_once_for_every_account_of_the_person",
        ),
    ),
    Fault(
        "recusal compares accounts, not people",
        "cases/models/case.py",
        "actor.person not in self.recused_people",
        "actor.id not in self.recused_people",
        (
            "tests/complaints/test_recusal.py::test_declared_recusal_is_effective_at_once_for_every_account_of_the_person",
        ),
    ),
    Fault(
        "a verb does not ask who is barred",
        "jike/verbs/decorators.py",
        "*row.barred(actor), ",
        "",
        ("tests/complaints/test_recusal.py::test_recused_person_does_nothing_whatever_the_verb",),
    ),
    Fault(
        "a subordinate decides on a recusal",
        "cases/handling/recusal_rules.py",
        "    elif is_subordinate(actor, row.user):",
        "    elif False:",
        ("tests/complaints/test_recusal.py::test_subordinates_and_askers_do_not_decide",),
    ),
    Fault(
        "an agent comes in before the authority was seen",
        "cases/queries.py",
        "Q(role__in=Party.ACTS_FOR, verified_at__isnull=False)",
        "Q(role__in=Party.ACTS_FOR)",
        (
            "tests/complaints/test_parties.py::test_r15_r18_who_acts_for_the_consumer_sees_nothing_before_the_proof_was_seen",
        ),
    ),
    Fault(
        "an open task holds nothing back",
        "cases/complaints/rules/deciding.py",
        '    found += waiting_tasks(case, "complaints.propose_decision")\n',
        "",
        ("tests/complaints/test_parties.py::test_r15_decision_waits_until_the_authority_was_seen",),
    ),
    Fault(
        "a sixth representative comes in",
        "cases/complaints/rules/parties.py",
        "REPRESENTATIVES_AT_MOST = 5",
        "REPRESENTATIVES_AT_MOST = 6",
        ("tests/complaints/test_parties.py::test_r19_five_representatives_in_person_and_no_sixth",),
    ),
    Fault(
        "a second list of material is let through",
        "cases/complaints/supplements.py",
        "    return last is None or NewFacts",
        "    return True or last is None or NewFacts",
        ("tests/complaints/test_supplement.py::test_15_a_second_list_needs_new_facts",),
    ),
    Fault(
        "what the house holds is asked for",
        "cases/complaints/rules/supplementing.py",
        "        if meant and meant.code in held:",
        "        if False:",
        ("tests/complaints/test_supplement.py::test_16_what_the_house_holds_is_never_asked_for",),
    ),
    Fault(
        "sixty days hold before the consumer was told",
        "cases/complaints/actions/extending.py",
        '    if clock.rule.next and "notice" not in clock.rule.next.needs:',
        "    if clock.rule.next:",
        ("tests/complaints/test_terms.py::test_06_sixty_days_need_an_executive_and_the_notice_within_the_old_limit",),
    ),
    Fault(
        "a late notice makes an extension effective",
        "cases/complaints/actions/extending.py",
        "is_late(proof.sent_at, extension.old_due_at)",
        "False",
        ("tests/complaints/test_terms.py::test_06_approval_without_notice_in_time_stays_on_record_and_moves_nothing",),
    ),
    Fault(
        "anybody with a vote approves sixty days",
        "cases/complaints/rules/extending.py",
        "        found += no_power(actor, approval.power)\n",
        "        pass\n",
        ("tests/complaints/test_terms.py::test_06_sixty_days_need_an_executive_and_the_notice_within_the_old_limit",),
    ),
    Fault(
        "an appraisal counts before its notice",
        "cases/complaints/counting.py",
        "    first = max(row.first_on, row.counts_from or row.first_on)",
        "    first = row.first_on",
        ("tests/complaints/test_terms.py::test_10_an_appraisal_counts_from_its_notice_and_a_mediation_needs_consent",),
    ),
    Fault(
        "a pause is recorded when the limit is over",
        "cases/complaints/rules/pausing.py",
        "    if clock.due_at and is_late(now, clock.due_at):",
        "    if False:",
        ("tests/complaints/test_terms.py::test_11_a_pause_after_the_end_cures_nothing",),
    ),
    Fault(
        "the notice leaves the agreed date running",
        "cases/complaints/actions/notice.py",
        '    for family in ("CMP", "CMP_AGREED", "REV_DEC"):',
        '    for family in ("CMP", "REV_DEC"):',
        ("tests/complaints/test_terms.py::test_13_the_notice_stops_the_agreed_date_too",),
    ),
    Fault(
        "a declined complaint ends before it was told",
        "cases/complaints/models.py",
        "        self.decline_code, self.declined_at = code, at",
        "        self.decline_code, self.declined_at, self.ended_at = code, at, at",
        ("tests/complaints/test_decline.py::test_15_a_stranger_s_complaint_is_declined_by_two_people_and_told",),
    ),
    Fault(
        "an unanswered call counts as a notice",
        "cases/complaints/rules/notice.py",
        "        if answered is not UNASKED and not answered:",
        "        if False:",
        ("tests/complaints/test_notice.py::test_rule_26_unanswered_call_is_no_notice_but_was_made_in_time",),
    ),
    Fault(
        "a second call is taken for a second channel",
        "cases/complaints/telling.py",
        "    if proof.manner == Delivery.Manner.CALL:",
        "    if False:",
        ("tests/complaints/test_notice.py::test_second_call_is_no_second_channel",),
    ),
    Fault(
        "one day of attempts makes somebody unreachable",
        "cases/complaints/telling.py",
        " and self.days >= rule.days",
        "",
        ("tests/complaints/test_notice.py::test_two_channels_on_one_day_do_not_make_anybody_unreachable",),
    ),
    Fault(
        "a promise nobody kept does not keep the case open",
        "cases/complaints/rules/ending.py",
        "    if left := len(case.unkept_promises):",
        "    if left := 0:",
        ("tests/complaints/test_closing.py::test_case_closes_only_when_every_promise_is_confirmed",),
    ),
    Fault(
        "who worked on a decision may review it",
        "cases/complaints/rules/reviewing.py",
        "    if actor.person in people_of(case):",
        "    if False:",
        ("tests/complaints/test_review.py::test_rule_28_other_unit_and_other_people_decide",),
    ),
    Fault(
        "a review is taken after its last day",
        "cases/complaints/rules/reviewing.py",
        "    if last is None or not is_late(asked_at, last):",
        "    if True:",
        ("tests/complaints/test_review.py::test_rule_27_the_last_day_is_the_thirtieth_and_the_next_is_late",),
    ),
    Fault(
        "complaints of two people are merged",
        "cases/complaints/rules/merging.py",
        "    elif not of_the_same_person(case).filter(pk=into.pk).exists():",
        "    elif False:",
        ("tests/complaints/test_merging.py::test_other_person_decided_case_and_itself_are_refused",),
    ),
    Fault(
        "an undone merge counts from the day it was undone",
        "cases/complaints/actions/merging.py",
        "clocks.start(case, clock.code, at=clock.started_at, now=now,",
        "clocks.start(case, clock.code, at=now, now=now,",
        ("tests/complaints/test_merging.py::test_undoing_gives_back_the_first_due_date",),
    ),
    Fault(
        "a question is closed before the person was told",
        "cases/inquiries/rules/ending.py",
        "    if not found and not case.is_anonymous and case.told_id is None:",
        "    if False:",
        ("tests/inquiries/test_classification.py::test_r76_a_question_is_answered_with_proof_and_no_clock_runs",),
    ),
    Fault(
        "a question that is a complaint counts from today",
        "cases/inquiries/actions/filing.py",
        "        received_at=case.received_at,\n        channel=case.source_channel,",
        "        received_at=now,\n        channel=case.source_channel,",
        (
            "tests/inquiries/test_classification.py::test_r76_a_question_that_is_a_complaint_counts_from_its_first_receipt",
        ),
    ),
    Fault(
        "an anonymous report is no clue",
        "cases/inquiries/actions/filing.py",
        "nature = Nature.CLUE if rules.is_anonymous(nature, name, phone) else Nature(nature)",
        "nature = Nature(nature)",
        ("tests/inquiries/test_classification.py::test_r17_an_anonymous_report_is_a_clue_without_a_clock",),
    ),
    Fault(
        "a complaint that is none goes on as nothing",
        "cases/complaints/actions/declining.py",
        '    if asked.get("opens"):',
        "    if False:",
        (
            "tests/inquiries/test_classification.py::test_r76_a_complaint_that_is_none_is_reclassified_by_two_people_and_told",
            "tests/inquiries/test_classification.py::test_r76_what_was_reclassified_is_listed_and_counted_by_period",
        ),
    ),
    Fault(
        "a recusal is not carried to the case that was split off",
        "cases/recusals.py",
        "        if row.effective_at:",
        "        if False:",
        ("tests/inquiries/test_classification.py::test_whoever_is_recused_from_the_one_is_recused_from_the_other",),
    ),
    Fault(
        "negotiation through us stops the count",
        "cases/mediation/actions/inviting.py",
        "        case.mark_taken_part(at=now)",
        "        case.mark_taken_part(at=now)\n        counting.stop_count(case, first_on=now.date(), evidence='x', now=now)",
        ("tests/mediation/test_opening.py::test_negotiation_through_us_never_stops_the_count",),
    ),
    Fault(
        "an offer that has lapsed can be accepted",
        "cases/mediation/rules/offering.py",
        "        if standing.has_lapsed(now):",
        "        if False:",
        ("tests/mediation/test_silence.py::test_an_offer_without_an_answer_lapses_and_binds_nobody",),
    ),
    Fault(
        "a merchant's link opens every case",
        "cases/mediation/rules/sides.py",
        "MerchantLink.objects.filter(case_id=case.pk)",
        "MerchantLink.objects.all()",
        ("tests/mediation/test_links.py::test_a_code_to_its_phone_opens_exactly_this_case_until_it_ends",),
    ),
    Fault(
        "silence ends it when the timer comes by",
        "cases/mediation/actions/inviting.py",
        "    at = cast(datetime, clock.due_at)",
        "    at = now if clock else now",
        ("tests/mediation/test_silence.py::test_silence_ends_it_at_its_minute_also_after_a_downtime",),
    ),
    Fault(
        "the clock of complaints runs on an inquiry",
        "cases/inquiries/guards.py",
        "WHERE id = NEW.case_id AND kind = 'inquiry'",
        "WHERE id = NEW.case_id AND kind = 'nothing'",
        ("tests/inquiries/test_guards.py::test_the_clock_of_complaints_starts_on_no_inquiry",),
    ),
    Fault(
        "a mixed message is taken in as the complaint alone",
        "cases/complaints/actions/filing.py",
        "    if beside:\n",
        "    if False:\n",
        ("tests/inquiries/test_intake.py::test_r76_a_mixed_message_is_taken_in_as_both",),
    ),
    Fault(
        "the portal inbox alone tells somebody",
        "cases/inquiries/handlers.py",
        "message.channel == Message.Channel.INBOX or ",
        "",
        ("tests/inquiries/test_classification.py::test_r76_the_portal_inbox_alone_tells_nobody",),
    ),
    Fault(
        "a withdrawal counts from the day it was keyed",
        "cases/complaints/actions/ending.py",
        "    at = received_at or now\n",
        "    at = now\n",
        (
            "tests/complaints/test_worked_rules.py::test_12_a_wish_received_at_two_ends_the_case_that_day_whenever_it_is_keyed",
        ),
    ),
    Fault(
        "a date is agreed on without its paper",
        "cases/complaints/rules/pausing.py",
        "    if paper is not UNASKED and (paper is None or paper.subject != case.pk):",
        "    if False:",
        ("tests/complaints/test_terms.py::test_13_an_agreed_date_governs_and_moves_for_no_pause",),
    ),
    Fault(
        "the supervisor's days are shown nowhere",
        "cases/complaints/actions/sources.py",
        "    if supervisor_received_at and transferred_at:",
        "    if False:",
        (
            "tests/complaints/test_worked_rules.py::test_22_the_supervisors_seven_working_days_are_shown_and_move_nothing",
        ),
    ),
    Fault(
        "a message with proof is sent again",
        "cases/handlers.py",
        '    if hasattr(message, "delivery"):',
        "    if False:",
        ("tests/cases/test_sending.py::test_a_message_with_proof_is_not_sent_again",),
    ),
    Fault(
        "a missing channel of complaint is not red",
        "cases/operations/publication.py",
        "    return {code: parts for code, parts in found.items() if parts}",
        "    return {}",
        ("tests/operations/test_publication.py::test_each_missing_part_of_each_place_is_red_and_warned_of",),
    ),
    Fault(
        "ten in the evening is still day",
        "jike/calendars/hours.py",
        "self.first <= now < self.last",
        "self.first <= now <= self.last",
        ("tests/lending/test_contacts.py::test_nobody_is_called_from_ten_in_the_evening_to_eight",),
    ),
    Fault(
        "calls of agents are counted by number, not by debtor",
        "lending/contacts/actions.py",
        "Q(person=person) | Q(phone_index=call.number)",
        "Q(phone_index=call.number)",
        ("tests/lending/test_contacts.py::test_the_fourth_effective_call_of_a_shanghai_day_is_blocked_whoever_calls",),
    ),
    Fault(
        "two callers do not wait for each other",
        "lending/contacts/actions.py",
        "    Person.objects.select_for_update().get(pk=person.pk)",
        "    Person.objects.get(pk=person.pk)",
        ("tests/lending/test_contacts.py::test_two_callers_at_once_do_not_make_a_fourth_call",),
    ),
    Fault(
        "a third person who said no is called again",
        "lending/contacts/rules.py",
        "    if any(one.number == call.number and one.outcome == DECLINED for one in collected):",
        "    if False:",
        ("tests/lending/test_contacts.py::test_a_third_person_who_said_no_is_never_called_again",),
    ),
    Fault(
        "a paper is stored before anybody asks who sends it",
        "cases/attachments/adding.py",
        "    refuse_if(verb.why_not(case, actor, now=now), verb=verb.name)\n",
        "",
        ("tests/api/test_evidence.py::test_who_does_not_handle_the_case_adds_nothing",),
    ),
    Fault(
        "an upload that is repeated is done again",
        "cases/api/evidence.py",
        "        return once(request, self.now, act, content=content)",
        '        return act(request.headers["Idempotency-Key"])',
        ("tests/api/test_evidence.py::test_the_same_request_again_adds_nothing_and_another_file_is_refused",),
    ),
    *CORRECTIONS,
    *OF_LITIGATION,
    *OF_MONEY,
    *OF_RECORDINGS,
    *OF_POLICE,
    *OF_TALKS,
)


def all_killers() -> list[str]:
    return sorted({killer for fault in FAULTS for killer in fault.killers})


def copy_of_the_tree(source: Path, target: Path) -> Path:
    """The code and its tests in a folder of their own; what is only read is linked."""
    target.mkdir()
    for name in COPIED:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source / name, target / name)
    for name in LINKED:
        (target / name).symlink_to(source / name)
    return target


def seed(tree: Path, fault: Fault) -> None:
    """Put the fault in. A line that is no longer there is an error: the table must follow the code."""
    file = tree / fault.path
    text = file.read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise LookupError(f"{fault.name}: the line stands {text.count(fault.old)} times in {fault.path}.")
    file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")


def failing(
    tree: Path, tests: tuple[str, ...] | list[str], env: dict[str, str], *, new_database: bool = False
) -> set[str]:
    """Those of `tests` that do not pass in `tree`."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "--tb=line",
        "-rfE",
        "--reuse-db",
    ]
    command += ["--create-db"] if new_database else []
    run = subprocess.run(
        [*command, *tests], cwd=tree, env=env, capture_output=True, text=True, check=False, timeout=600
    )
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stdout[-2000:] + run.stderr[-2000:])
    told = [line.split(" ")[1] for line in run.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return {test for test in tests if any(line == test or line.startswith(f"{test}[") for line in told)}
