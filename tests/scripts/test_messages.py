"""The strings that must have a Chinese translation are all found, as Django will look them up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from messages import Message, NotExtractable, messages_of_code, messages_of_template


def test_code_yields_contexts_plurals_and_joined_strings() -> None:
    source = (
        '_("One " "sentence")\n'
        'pgettext_lazy("state", "closed")\n'
        'ngettext("%(n)d day", "%(n)d days", n)\n'
        'models.gettext("Through a module")\n'
        "_(variable)\n"
    )

    assert list(messages_of_code(source, "a.py")) == [
        Message("One sentence", None, None, "a.py:1"),
        Message("closed", None, "state", "a.py:2"),
        Message("%(n)d day", "%(n)d days", None, "a.py:3"),
        Message("Through a module", None, None, "a.py:4"),
    ]


@pytest.mark.parametrize("glued", ['_(f"{n} days")', '_("a" + b)', '_("%d" % n)'])
def test_glued_strings_are_refused(glued: str) -> None:
    with pytest.raises(NotExtractable, match=r"a\.py:1"):
        list(messages_of_code(glued, "a.py"))


def test_templates_yield_what_django_looks_up() -> None:
    source = (
        '{% translate "Say \\"yes\\"" %}\n'
        "{% translate 'open' context 'state' as label %}\n"
        "{% blocktranslate trimmed with name=case.name %}\n  Dear\n  {{ name }},\n{% endblocktranslate %}\n"
        "{% blocktranslate count n=days %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}\n"
        '{% include "_x.html" with label=_("Next") %}\n'
        '{% translate "100%" %}\n'
    )

    assert {(m.context, m.text, m.plural) for m in messages_of_template(source, "a.html")} == {
        (None, 'Say "yes"', None),
        ("state", "open", None),
        (None, "Dear %(name)s,", None),
        (None, "%(n)s day", "%(n)s days"),
        (None, "Next", None),
        (None, "100%%", None),
    }
