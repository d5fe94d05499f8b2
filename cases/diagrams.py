"""The state diagrams of the docs, drawn from the machines themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from cases.kinds import Kind
from jike.verbs import all_verbs
from lending.models import Recording
from lending.recordings.states import State as RecordingState


@dataclass(frozen=True, slots=True, order=True)
class Move:
    source: str
    target: str
    verb: str


def moves_of(model: type[Any]) -> list[Move]:
    """Every transition of the machine of `model`, with the verb whose action makes it."""
    field = model._meta.get_field("state")
    marks = {t.name: [] for t in field.get_all_transitions(model)}
    for t in field.get_all_transitions(model):
        targets = getattr(t.target, "allowed_states", None) or [t.target]
        marks[t.name] += [(str(t.source), str(target)) for target in targets]
    return sorted(
        Move(source, target, verb) for verb, mark in marks_by_verb(model) for source, target in marks.get(mark, [])
    )


def marks_by_verb(model: type[Any]) -> Iterator[tuple[str, str]]:
    for verb in all_verbs():
        if verb.model is model:
            for mark in re.findall(r"\.(mark_\w+)\(", inspect.getsource(inspect.unwrap(verb.action))):
                yield verb.name, mark


def diagram_of(kind: Kind) -> str:
    """The page `docs/states/<kind>.md`: a Mermaid diagram and the table of transitions, in English with Chinese labels."""
    return _drawn(f"{kind.code}: {kind.prefix}", kind.model, kind.states, kind.final, kind.openers)


def diagram_of_recording() -> str:
    """The same of recordings, which are no kind of case."""
    final = {RecordingState.DESTROYED.value}
    return _drawn("recording: 双录", Recording, dict(RecordingState.choices), final, ("recordings.schedule",))


def _drawn(
    title: str, model: type[Any], states: Mapping[str, Any], final: Collection[str], openers: Sequence[str]
) -> str:
    with override("zh-hans"):
        labels = {state: str(label) for state, label in states.items()}
        moves = moves_of(model)
        first = [f"    [*] --> {next(iter(labels))}: {opener.partition('.')[2]}" for opener in openers]
        lines = [f"    {m.source} --> {m.target}: {m.verb.partition('.')[2]}" for m in moves]
        last = [f"    {state} --> [*]" for state in labels if state in final]
        names = [f"    {state}: {state} {label}" for state, label in labels.items()]
    table = "\n".join(f"| `{m.verb}` | {m.source} {labels[m.source]} | {m.target} {labels[m.target]} |" for m in moves)
    drawing = "\n".join(["stateDiagram-v2", *names, *first, *lines, *last])
    return (
        f"# {title}\n\nDrawn from the code by `manage.py state_diagrams`; do not edit.\n\n"
        f"```mermaid\n{drawing}\n```\n\n| verb | from | to |\n|---|---|---|\n{table}\n"
    )
