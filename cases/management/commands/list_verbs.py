"""List every verb: what it acts on, the power it needs, the states it leaves from and goes to."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from cases.diagrams import moves_of
from jike.accounts.roles import holders_of
from jike.verbs import all_verbs


class Command(BaseCommand):
    help = "List every verb with its states, powers and rule of blockers."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            {
                "verb": verb.name,
                "label": str(verb.label),
                "model": verb.model._meta.label,
                "opens": verb.opens,
                "by_hand": verb.by_hand,
                "power": verb.name,
                "roles": holders_of(verb.name),
                "blockers": f"{verb.blockers.__module__}.{verb.blockers.__name__}",
                "moves": [[move.source, move.target] for move in moves_of(verb.model) if move.verb == verb.name],
            }
            for verb in all_verbs()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            moves = ", ".join(f"{source} → {target}" for source, target in row["moves"])
            self.stdout.write(f"{row['verb']:32} {', '.join(row['roles']):60} {moves}")
