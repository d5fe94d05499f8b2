"""`manage.py import_loans`: a document a line, each taken whole or rejected with every reason."""

from __future__ import annotations

import json
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from lending.loans.actions import import_loan
from lending.models import Loan
from tests.lending.documents import IMPORTER, NOW, document, starter


def run(path: Path) -> tuple[dict[str, int], str]:
    out = StringIO()
    call_command("import_loans", str(path), "--json", stdout=out)
    said = out.getvalue().splitlines()
    return json.loads(said[-1]), "\n".join(said[:-1])


@pytest.mark.django_db
def test_lines_are_taken_whole_or_rejected_with_every_reason_and_again_changes_nothing(tmp_path: Path) -> None:
    starter()
    rows = [document(), document(external_id="JK-2"), document(external_id="JK-3", term_months=11, principal_cents=1)]
    path = tmp_path / "loans.jsonl"
    path.write_text("\n".join([*(json.dumps(row, ensure_ascii=False) for row in rows), "", "{"]), encoding="utf-8")

    summary, said = run(path)

    assert summary == {"rows": 4, "created": 2, "updated": 0, "unchanged": 0, "rejected": 2}
    assert [line.partition(":")[0] for line in said.splitlines() if line.startswith("3:")] == ["3"] * 4
    assert "13800138000" not in said
    assert Loan.objects.count() == 2
    assert run(path)[0] == {"rows": 4, "created": 0, "updated": 0, "unchanged": 2, "rejected": 2}
    with pytest.raises(CommandError):
        run(tmp_path / "none.jsonl")


def test_two_first_documents_at_once_make_one_loan(own_database: str) -> None:
    starter()
    content = document()
    outcomes: list[Any] = []

    def second() -> None:
        outcomes.append(import_loan(content, actor=IMPORTER, now=NOW).outcome)
        connections.close_all()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        outcomes.append(import_loan(content, actor=IMPORTER, now=NOW).outcome)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "the second waits for the first"
    thread.join(20)

    assert outcomes == ["created", "unchanged"]
    assert Loan.objects.count() == 1
