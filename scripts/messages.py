"""The translatable strings of code and templates, found without GNU gettext."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CATALOG = PROJECT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CONFIG_LABELS = {"config/roles.yaml": "role"}
NOT_SHOWN = ("tests/", "bench/", "scripts/", "docs/", "var/")

# Function name: position of context, singular and plural among its arguments.
CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
TAG = re.compile(rf"\{{%-?\s*trans(?:late)?\s+{STRING}(?P<options>[^%]*)%\}}")
UNDERSCORE = re.compile(rf"_\({STRING}\)")
BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?(?P<options>[^%]*)%\}(?P<body>.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
CONTEXT = re.compile(rf"\bcontext\s+{STRING}")
VARIABLE = re.compile(r"\{\{\s*([\w.]+)[^}]*\}\}")


@dataclass(frozen=True)
class Message:
    """One string to translate and where it stands. `plural` is None for most."""

    text: str
    plural: str | None
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


class NotExtractable(Exception):
    """A call whose string cannot be read from the source."""


def messages_of_project() -> Iterator[Message]:
    """Every message of the files git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py", "templates/*"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    yield from messages_of_config()
    for name in sorted(set(listed)):
        path = PROJECT / name
        if name.startswith(NOT_SHOWN) or not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        yield from messages_of_code(text, name) if name.endswith(".py") else messages_of_template(text, name)


def messages_of_code(source: str, name: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source, name)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in CALLS:
            continue
        context, text, plural = (_constant(node, at, name) if at is not None else None for at in CALLS[called])
        if text is not None:
            yield Message(text, plural, context, f"{name}:{node.lineno}")


def messages_of_template(source: str, name: str) -> Iterator[Message]:
    for match in TAG.finditer(source):
        yield Message(_percent(_quoted(match)), None, _context(match["options"]), _place(name, source, match))
    for match in UNDERSCORE.finditer(source):
        yield Message(_percent(_quoted(match)), None, None, _place(name, source, match))
    for match in BLOCK.finditer(source):
        trimmed = "trimmed" in match["options"].split()
        singular, *plural = (_block_text(part, trimmed=trimmed) for part in PLURAL.split(match["body"]))
        yield Message(singular, plural[0] if plural else None, _context(match["options"]), _place(name, source, match))


def messages_of_config() -> Iterator[Message]:
    """The labels of configuration that are translated when printed."""
    for name, context in CONFIG_LABELS.items():
        for number, line in enumerate((PROJECT / name).read_text(encoding="utf-8").splitlines(), 1):
            if match := re.match(r"\s+label:\s*(.+?)\s*(?:#.*)?$", line):
                yield Message(match[1].strip("\"'"), None, context, f"{name}:{number}")


def _constant(call: ast.Call, at: int, name: str) -> str | None:
    """The string written out at this position; None for a variable, whose value is a message of its own elsewhere."""
    value = call.args[at] if len(call.args) > at else None
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
        return None
    raise NotExtractable(f"{name}:{call.lineno}: the string of a translation call must be written out")


def _quoted(match: re.Match[str]) -> str:
    text = match[1] if match[1] is not None else match[2]
    return re.sub(r"\\(.)", r"\1", text)


def _percent(text: str) -> str:
    """Django doubles percent signs of template strings before it looks them up."""
    return text.replace("%", "%%")


def _block_text(body: str, *, trimmed: bool) -> str:
    """The message id Django builds from the body of a blocktranslate."""
    pieces = VARIABLE.split(body)
    text = "".join(f"%({piece})s" if index % 2 else _percent(piece) for index, piece in enumerate(pieces))
    return " ".join(line.strip() for line in text.strip().splitlines()).strip() if trimmed else text


def _context(options: str) -> str | None:
    match = CONTEXT.search(options)
    return _quoted(match) if match else None


def _place(name: str, source: str, match: re.Match[str]) -> str:
    return f"{name}:{source.count(chr(10), 0, match.start()) + 1}"
