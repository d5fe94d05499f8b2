"""`manage.py api_key create|revoke|list`: keys for programs, from the server's own shell."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jike.accounts.models import Unit
from jike.accounts.roles import machine_actor
from jike.api import keys
from jike.api.models import ApiKey
from jike.api.scopes import all_scopes
from jike.base.dates import now
from jike.base.errors import Refused

OPERATOR = "operator"


class Command(BaseCommand):
    help = "Keys for programs. `api_key create NAME --unit HQ-CP --scope cases.read` prints the key once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        does = parser.add_subparsers(dest="do", required=True)
        create = does.add_parser("create", help="make a service account with a key, which is printed once")
        create.add_argument("name")
        create.add_argument("--unit", default="HQ-CP", help="code of the unit it works for")
        create.add_argument("--role", default="integration")
        create.add_argument("--scope", action="append", default=[], dest="scopes", help="may be given several times")
        create.add_argument("--days", type=int, default=365)
        revoke = does.add_parser("revoke", help="end a key at once")
        revoke.add_argument("prefix")
        listing = does.add_parser("list", help="every key without its secret")
        for one in (create, revoke, listing):
            one.add_argument("--json", action="store_true", help="the last line is one JSON document")

    def handle(self, **options: Any) -> None:
        try:
            told = getattr(self, f"_{options['do']}")(options)
        except Refused as refused:
            reasons = " ".join(str(blocker.message) for blocker in refused.blockers)
            raise CommandError(f"{reasons}\nScopes: {', '.join(sorted(all_scopes()))}") from None
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
            return
        for row in told if isinstance(told, list) else [told]:
            self.stdout.write("  ".join(str(value) for value in row.values()))

    def _create(self, options: dict[str, Any]) -> dict[str, Any]:
        made = keys.create_key(
            actor=machine_actor(OPERATOR),
            now=now(),
            name=options["name"],
            unit=Unit.objects.filter(code=options["unit"]).first(),
            role=options["role"],
            scopes=options["scopes"],
            days=options["days"],
        )
        return {"key": made.token, "prefix": made.key.prefix, "scopes": made.key.scopes, "expires": made.key.expires_at}

    def _revoke(self, options: dict[str, Any]) -> dict[str, Any]:
        key = ApiKey.objects.filter(prefix=options["prefix"]).first()
        if key is None:
            raise CommandError("No key begins like that.")
        keys.revoke_key(key, actor=machine_actor(OPERATOR), now=now())
        return {"prefix": key.prefix, "revoked": True}

    def _list(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        found = keys.keys_listed_for(machine_actor(OPERATOR))
        return [
            {
                "prefix": k.prefix,
                "name": k.name,
                "unit": str(k.owner.unit),
                "scopes": " ".join(k.scopes),
                "expires": k.expires_at,
                "revoked": k.revoked_at,
            }
            for k in found
        ]
