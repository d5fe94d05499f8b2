"""The database roles of the running processes: what web and worker may do, whoever signed in.

One account signs in (`DATABASE_URL`); web and worker then become `jike_web` or `jike_worker` (`DATABASE_ROLE`). Neither may
change or delete history, even through a hole in the code. Migrations stay with the account that signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.utils import Error, InternalError, ProgrammingError
from psycopg import sql

ROLES = ("jike_web", "jike_worker")

APPEND_ONLY_TABLES = (
    "cases_decision",
    "cases_delivery",
    "cases_document",
    "cases_event",
    "cases_message",
    "cases_note",
    "cases_source",
    "cases_sourcereply",
    "clocks_clockline",
    "complaints_attempt",
    "complaints_newfacts",
    "complaints_receiptcorrection",
    "complaints_statement",
    "complaints_supplementanswer",
    "complaints_supplementitem",
    "complaints_supplementrequest",
    "calendars_holidayyear",
    "bundles_binding",
    "bundles_bundle",
    "bundles_halt",
    "bundles_release",
    "copies_coveredcopy",
    "copies_covering",
    "copies_pages",
    "copies_preview",
    "evidence_custody",
    "evidence_description",
    "evidence_listlock",
    "evidence_supersession",
    "ledger_entry",
    "ledger_head",
    "ledger_keeping",
    "ledger_leaf",
    "ledger_stamp",
    "ledger_subtree",
    "lending_contact",
    "lending_contract",
    "lending_destructionvote",
    "lending_disbursement",
    "lending_disclosure",
    "lending_disclosurepaper",
    "lending_instalment",
    "lending_loandocument",
    "lending_permission",
    "lending_recordingcheck",
    "lending_recordingconsent",
    "lending_recordingevent",
    "lending_recordinglook",
    "lending_recordingmark",
    "lending_recordingverdict",
    "lending_repaymentpart",
    "lending_statement",
    "lending_terms",
    "litigation_confirmation",
    "litigation_enclosure",
    "litigation_seal",
    "litigation_served",
    "litigation_sum",
    "mediation_agreement",
    "mediation_exhibit",
    "mediation_periodanswer",
    "mediation_secretanswer",
    "mediation_session",
    "mediation_signature",
    "police_confirmation",
    "police_pack",
    "police_packfile",
    "police_packrelease",
    "police_packtaking",
    "police_statement",
    "policy_policyact",
    "refunds_journalline",
    "refunds_screening",
    "ties_judgement",
    "privacy_readlog",
    "privacy_reveallog",
    "django_migrations",
)
"""Tables whose rows are history: the roles may add rows (none to `django_migrations`) and read them, nothing else."""


def become_role(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Receiver of `connection_created`: take the role of this process, if it has one.

    Goes to the driver directly: the connection may be made within a GET, which lets only SELECT through.
    """
    if role := getattr(settings, "DATABASE_ROLE", ""):
        connection.connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


def grant_after_migrate(using: str = DEFAULT_DB_ALIAS, plan: object = None, **kwargs: object) -> None:
    """Receiver of `post_migrate`: bring roles and grants up to date. A flush, which has no plan, changes no grant."""
    if plan is not None:
        grant_roles(using)


def grant_roles(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Make the roles and their grants; running twice changes nothing. False if the account may not make roles.

    Roles belong to the whole server: databases migrated at the same time may meet here, and the later one tries again.
    """
    with connections[using].cursor() as cursor:
        if not _may_create_roles(cursor) and not is_granted(cursor):
            return False
        for role in ROLES:
            for attempt in range(5):
                try:
                    _ensure_role(cursor, role)
                    break
                except (InternalError, ProgrammingError):
                    if attempt == 4:
                        raise
            _grant_tables(cursor, role)
    return True


def is_granted(cursor: CursorWrapper) -> bool:
    """True if the signed-in account may become every role."""
    cursor.execute(
        "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(oid, 'MEMBER')", [list(ROLES)]
    )
    return bool(cursor.fetchone()[0] == len(ROLES))


def check_roles(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """System check (`check --database default`): say so when web and worker run with more rights than they need."""
    if not databases or DEFAULT_DB_ALIAS not in databases:
        return []
    try:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            granted = is_granted(cursor) or _may_create_roles(cursor)
    except Error:
        return []
    if granted:
        return []
    return [
        checks.Warning(
            f"The database account may neither create the roles {', '.join(ROLES)} nor become them.",
            hint="As administrator: CREATE ROLE jike_web; CREATE ROLE jike_worker; GRANT jike_web, jike_worker TO <account>; then migrate.",
            id="jike.W001",
        )
    ]


def _may_create_roles(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    return bool(cursor.fetchone()[0])


def _ensure_role(cursor: CursorWrapper, role: str) -> None:
    name = sql.Identifier(role)
    cursor.execute(
        sql.SQL(
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = {text}) THEN CREATE ROLE {name} NOLOGIN; END IF;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        ).format(text=sql.Literal(role), name=name)
    )
    cursor.execute("SELECT current_setting('server_version_num')::int >= 160000")
    (can_limit,) = cursor.fetchone()
    cursor.execute("SELECT pg_has_role(%s, %s)", [role, "SET" if can_limit else "MEMBER"])
    if not cursor.fetchone()[0]:
        limits = sql.SQL(" WITH INHERIT FALSE, SET TRUE" if can_limit else "")
        cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name) + limits)


def _grant_tables(cursor: CursorWrapper, role: str) -> None:
    """Everything in our schema may be read and written, history may only grow."""
    name = sql.Identifier(role)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
    ):
        cursor.execute(sql.SQL(statement).format(name))
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)",
        [list(APPEND_ONLY_TABLES)],
    )
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), name))
    cursor.execute(sql.SQL("REVOKE INSERT ON django_migrations FROM {}").format(name))
