"""Fail when a string of code or templates has no Chinese, a doubtful one, or one that loses a placeholder."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).resolve().parent))

from messages import CATALOG, Message, NotExtractable, messages_of_project

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def main() -> int:
    try:
        wanted = {message.key: message for message in messages_of_project()}
    except NotExtractable as error:
        print(error, file=sys.stderr)
        return 1
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="zh_Hans")
    known = {(entry.context, entry.id[0] if isinstance(entry.id, tuple) else entry.id): entry for entry in catalog}
    problems = [problem for key, message in wanted.items() if (problem := problem_with(message, known.get(key)))]
    problems += [
        f"{CATALOG.name}: no longer used: {text!r}" for context, text in known if text and (context, text) not in wanted
    ]
    for line in sorted(problems):
        print(line, file=sys.stderr)
    print(f"{len(wanted)} messages, {len(problems)} problems")
    return 1 if problems else 0


def problem_with(message: Message, entry: object) -> str | None:
    """What is wrong with the translation of `message`; None when it is complete."""
    strings = getattr(entry, "string", "") or ""
    forms = strings if isinstance(strings, tuple | list) else [strings]
    if entry is None or not all(forms):
        return f"{message.place}: no Chinese for {message.text!r}"
    if entry.fuzzy:
        return f"{message.place}: doubtful (fuzzy) Chinese for {message.text!r}"
    wanted = set(PLACEHOLDER.findall(message.plural or message.text))
    if any(set(PLACEHOLDER.findall(form)) != wanted for form in forms):
        return f"{message.place}: the Chinese for {message.text!r} has other placeholders"
    return None


if __name__ == "__main__":
    sys.exit(main())
