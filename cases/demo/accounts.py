"""The demo's staff: who they are, and how they sign in."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.conf import settings

from jike.accounts.models import Unit, User
from jike.accounts.roles import role_labels

_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
FILE = "demo-accounts.txt"


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    password: str
    name: str
    unit: str
    roles: str

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


def password_of(username: str) -> str:
    """The demo password of an account: made from this installation's secret, so it is the same every time and nowhere stored."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"demo|{username}".encode(), hashlib.sha256)
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:12])
    return "-".join(letters[n : n + 4] for n in range(0, 12, 4))


def rows() -> list[dict[str, object]]:
    return list(yaml.safe_load((Path(__file__).parent / "accounts.yaml").read_text(encoding="utf-8")))


def ensure_accounts() -> list[Account]:
    """Make the demo's staff where missing; accounts that exist keep their password, unit and roles. Units must exist."""
    for row in rows():
        if User.objects.filter(username=row["username"]).exists():
            continue
        user = User(
            username=row["username"],
            display_name=row["name"],
            staff_no=row["staff_no"],
            unit=Unit.objects.get(code=row["unit"]),
            roles=row["roles"],
        )
        user.set_password(password_of(user.username))
        user.save(force_insert=True)
    return accounts()


def accounts() -> list[Account]:
    """The demo's staff as they are in the database, with their first password."""
    names = [str(row["username"]) for row in rows()]
    users = {user.username: user for user in User.objects.filter(username__in=names).select_related("unit")}
    return [
        Account(
            username=name,
            password=password_of(name),
            name=users[name].display_name,
            unit=users[name].unit.name if users[name].unit else "",
            roles="、".join(str(label) for label in role_labels(users[name].roles)),
        )
        for name in names
        if name in users
    ]


def write_file(found: list[Account]) -> Path:
    """Keep the list beside the embedded database, readable by its owner only; `serve` prints it."""
    path = Path(settings.HOME.path) / FILE
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(
        "".join(f"{a.username}  {a.password}  {a.name}  {a.roles}  {a.unit}\n" for a in found), encoding="utf-8"
    )
    return path
