"""Seeded faults: each is one wrong line in a copy of the tree, and the tests that must notice it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COPIED = ("jike", "cases", "lending", "tests", "config", "templates", "manage.py", "pyproject.toml")
LINKED = ("static", "locale", "docs")


@dataclass(frozen=True)
class Fault:
    """`old` stands exactly once in `path` and is replaced by `new`; one of `killers` must fail then."""

    name: str
    path: str
    old: str
    new: str
    killers: tuple[str, ...]


FAULTS = (
    Fault(
        "a power is not asked",
        "cases/rules.py",
        "if actor.can(power):",
        "if actor:",
        ("tests/complaints/test_matrix.py::test_without_the_power_the_verb_is_refused",),
    ),
    Fault(
        "an incomplete notice is let through",
        "cases/complaints/rules.py",
        '    elif proof is None and waiver in (None, "", UNASKED):',
        "    elif False:",
        ("tests/faults/test_single_reasons.py::test_worker_without_proof_is_refused_and_with_a_delivery_is_not",),
    ),
    Fault(
        "a statutory part of the decision is not asked for",
        "cases/complaints/rules.py",
        '    found += missing(reasons, "reasons", _("Give the reasons."), art)\n',
        "",
        ("tests/complaints/test_lifecycle.py::test_proposal_needs_every_statutory_part_and_the_headings",),
    ),
    Fault(
        "no ledger entry is written",
        "cases/models/case.py",
        "        ledger.append(\n",
        "        (lambda *a, **k: None)(\n",
        ("tests/complaints/test_guards.py::test_the_path_itself_is_let_through",),
    ),
    Fault(
        "no outbox job is written",
        "cases/messages.py",
        "    jobs.post_many(\n",
        "    (lambda *a, **k: None)(\n",
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
        'rows.select_for_update(of=("self",) if cls is Case else ("case_ptr", "self")).get(pk=pk)',
        "rows.get(pk=pk)",
        ("tests/complaints/test_race.py::test_two_handlers_claim_one_case",),
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
        "    jobs.post_many(\n",
        "    from functools import partial\n\n    from django.db import transaction\n\n    from jike.base.failpoints import failpoint\n\n"
        "    def later(call):\n        transaction.on_commit(lambda: (failpoint('verb.committed'), call()))\n\n"
        "    (lambda *a, **k: later(partial(jobs.post_many, *a, **k)))(\n",
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
        "cases/complaints/rules.py",
        "    found = []\n    if approval and actor.person == approval.maker_person:",
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
