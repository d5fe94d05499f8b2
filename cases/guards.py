"""The last lock: what the database itself refuses, whoever asks (page, shell, `update()`, worker). Run by migrations.

Writing it here and not in the migration keeps the text reviewable; a changed guard is a new migration that runs it again.
"""

APPEND_ONLY = (
    "cases_event",
    "cases_delivery",
    "cases_note",
    "cases_message",
    "cases_decision",
    "cases_document",
    "cases_source",
)

HISTORY = """
CREATE OR REPLACE FUNCTION cases_history_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def history_triggers(table: str) -> str:
    """SQL that refuses UPDATE, DELETE and TRUNCATE on `table`."""
    return f"""
CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION cases_history_is_final();
CREATE TRIGGER {table}_is_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION cases_history_is_final();
"""


EVENT_TXID = """
CREATE OR REPLACE FUNCTION cases_event_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.txid := txid_current();
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER cases_event_stamp BEFORE INSERT ON cases_event FOR EACH ROW EXECUTE FUNCTION cases_event_stamp();
"""

# What nobody changes without the event of the same transaction: who, what and when of state, handler, receipt and end.
MOVE_NEEDS_EVENT = """
DROP TRIGGER IF EXISTS cases_move_needs_event ON cases_case;
CREATE CONSTRAINT TRIGGER cases_move_needs_event AFTER UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.version IS DISTINCT FROM NEW.version OR OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
          OR OLD.received_at IS DISTINCT FROM NEW.received_at OR OLD.ended_at IS DISTINCT FROM NEW.ended_at)
    EXECUTE FUNCTION cases_state_needs_event();
"""

CASE_MOVES = """
CREATE OR REPLACE FUNCTION cases_case_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'cases are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.kind, NEW.number, NEW.is_historical) IS DISTINCT FROM (OLD.id, OLD.kind, OLD.number, OLD.is_historical) THEN
        RAISE EXCEPTION 'kind, number and origin of a case never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_case_identity BEFORE UPDATE OR DELETE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_case_identity();

CREATE OR REPLACE FUNCTION cases_state_needs_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    came_from text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state ELSE '' END;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM cases_event e JOIN ledger_entry l ON l.source = 'cases.event' AND l.source_id = e.id
        WHERE e.case_id = NEW.id AND e.seq = NEW.version AND e.after_state = NEW.state AND e.before_state = came_from
          AND e.txid = txid_current() AND l.txid = txid_current() AND l.subject = NEW.id AND l.seq = NEW.version
    ) THEN
        RAISE EXCEPTION 'case %: state % without its event and ledger entry in the same transaction', NEW.number, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_state_needs_event AFTER INSERT ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_state_needs_event();
{move}
CREATE OR REPLACE FUNCTION cases_event_needs_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.version >= NEW.seq) THEN
        RAISE EXCEPTION 'event % of a case that never reached version %', NEW.verb, NEW.seq USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_event_needs_case AFTER INSERT ON cases_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_event_needs_case();
"""

APPROVAL_BOUND = """
CREATE OR REPLACE FUNCTION cases_approval_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'approvals are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.verdict <> '' OR (NEW.id, NEW.case_id, NEW.verb, NEW.decision_id, NEW.payload_sha256, NEW.maker_id, NEW.maker_person,
        NEW.handler_person, NEW.asked_at, NEW.request, NEW.power, NEW.unit_id) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.verb,
        OLD.decision_id, OLD.payload_sha256, OLD.maker_id, OLD.maker_person, OLD.handler_person, OLD.asked_at, OLD.request, OLD.power,
        OLD.unit_id) THEN
        RAISE EXCEPTION 'an approval is voted on once and its request never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

APPROVALS = """
CREATE TRIGGER cases_approval_is_bound BEFORE UPDATE OR DELETE ON cases_approval
    FOR EACH ROW EXECUTE FUNCTION cases_approval_is_bound();

CREATE OR REPLACE FUNCTION cases_approval_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.voter_id IS NOT NULL AND NEW.voter_person <> (SELECT person FROM accounts_user WHERE id = NEW.voter_id) THEN
        RAISE EXCEPTION 'the voter is not that person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.maker_person <> (SELECT person FROM accounts_user WHERE id = NEW.maker_id) THEN
        RAISE EXCEPTION 'the maker is not that person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_approval_persons BEFORE INSERT OR UPDATE ON cases_approval
    FOR EACH ROW EXECUTE FUNCTION cases_approval_persons();
"""

LINKS = """
CREATE OR REPLACE FUNCTION cases_link_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.ended_at IS NOT NULL OR (NEW.id, NEW.case_id, NEW.other_id, NEW.kind, NEW.created_by_id, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.other_id, OLD.kind, OLD.created_by_id, OLD.created_at) THEN
        RAISE EXCEPTION 'a link between cases only ends, once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_link_is_final BEFORE UPDATE OR DELETE ON cases_link FOR EACH ROW EXECUTE FUNCTION cases_link_is_final();
CREATE TRIGGER cases_link_is_whole BEFORE TRUNCATE ON cases_link FOR EACH STATEMENT EXECUTE FUNCTION cases_link_is_final();
"""


def all_guards() -> str:
    """Everything the shared case tables are guarded by, as one script."""
    return "\n".join(
        [
            HISTORY,
            EVENT_TXID,
            CASE_MOVES.replace("{move}", MOVE_NEEDS_EVENT),
            APPROVAL_BOUND,
            APPROVALS,
            *(history_triggers(table) for table in APPEND_ONLY),
        ]
    )
