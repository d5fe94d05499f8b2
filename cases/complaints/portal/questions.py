"""What is asked, in which order and under which condition: read from `config/questions.yaml` and checked when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

KINDS = ("choice", "choices", "text", "long", "date", "amount", "people")
COLUMNS = ("narrative", "claim", "merchant", "amount")
# Words in the name of a question about something the house holds or can look up. Source: O2020-3 art 13.
LOOKED_UP = ("loan", "contract", "id_number", "disbursed", "repay", "lender", "funder")


class QuestionsInvalid(ValueError):
    """The file of questions contradicts itself, or asks what may not be asked."""


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    zh: str
    en: str

    @property
    def label(self) -> str:
        return _in_language(self.zh, self.en)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One page of the form. `when` names earlier questions and the answers it depends on. Read once, so one is itself only."""

    code: str
    kind: str
    zh: str
    en: str
    required: bool
    we_hold: bool
    when: tuple[tuple[str, tuple[str, ...]], ...]
    choices: tuple[Choice, ...]
    words: Mapping[str, str]
    limit: int
    rows: int
    most: int
    suggest: str

    @property
    def label(self) -> str:
        return _in_language(self.zh, self.en)

    @property
    def help_text(self) -> str:
        return _in_language(self.words.get("help_zh", ""), self.words.get("help_en", ""))

    @property
    def missing(self) -> str:
        return _in_language(
            self.words.get("missing_zh", "请选一项。"), self.words.get("missing_en", "Please choose one.")
        )

    def applies(self, answers: Mapping[str, Any]) -> bool:
        return all(answers.get(code) in wanted for code, wanted in self.when)

    def label_of(self, value: str) -> str:
        return next((choice.label for choice in self.choices if choice.code == value), value)


def asked_of(answers: Mapping[str, Any]) -> list[Question]:
    """The questions that fit the answers given so far, in order."""
    return [question for question in all_questions() if question.applies(answers)]


def question_named(code: str) -> Question | None:
    return next((question for question in all_questions() if question.code == code), None)


def all_questions() -> tuple[Question, ...]:
    return definition()[1]


def version() -> str:
    return definition()[0]


@lru_cache(maxsize=1)
def definition() -> tuple[str, tuple[Question, ...]]:
    text = (Path(settings.BASE_DIR) / "config" / "questions.yaml").read_text(encoding="utf-8")
    return read_definition(yaml.safe_load(text))


def read_definition(content: Mapping[str, Any]) -> tuple[str, tuple[Question, ...]]:
    """(version, questions). Raises `QuestionsInvalid` with every fault."""
    questions = tuple(_question(row) for row in content["questions"])
    faults = [fault for at, question in enumerate(questions) for fault in _faults(question, questions[:at])]
    if faults:
        raise QuestionsInvalid("; ".join(faults))
    return str(content["version"]), questions


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        code=row["code"],
        kind=row["kind"],
        zh=row["zh"],
        en=row["en"],
        required=row.get("required", True),
        we_hold=row.get("we_hold", False),
        when=tuple((code, tuple(wanted)) for code, wanted in (row.get("when") or {}).items()),
        choices=tuple(Choice(**choice) for choice in row.get("choices", ())),
        words={name: row[name] for name in ("help_zh", "help_en", "missing_zh", "missing_en") if name in row},
        limit=row.get("limit", 0),
        rows=row.get("rows", 3),
        most=row.get("most", 0),
        suggest=row.get("suggest", ""),
    )


def _faults(question: Question, earlier: tuple[Question, ...]) -> list[str]:
    known = {q.code: {c.code for c in q.choices} for q in earlier}
    found = [f"{question.code}: asked twice"] if question.code in known else []
    if question.kind not in KINDS:
        found.append(f"{question.code}: {question.kind} is no kind of question")
    if bool(question.choices) != question.kind.startswith("choice"):
        found.append(f"{question.code}: choices belong to choice and choices")
    if question.required and (question.we_hold or any(word in question.code for word in LOOKED_UP)):
        found.append(f"{question.code}: required, though the house can look it up (O2020-3 art 13)")
    for code, wanted in question.when:
        if not set(wanted) <= known.get(code, set()):
            found.append(f"{question.code}: depends on an answer that no earlier question has ({code})")
    return found


def _in_language(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh
