"""What the database refuses about litigations, whoever asks: a step without what it stands on, changed history, an appeal of small claims."""

from cases.guards import history_triggers
from cases.litigation.states import State

_STATES = ", ".join(f"'{state}'" for state in State.values)

CASES = f"""
CREATE SEQUENCE cases_number_litigation;
ALTER TABLE cases_case ADD CONSTRAINT case_litigation_state CHECK (kind <> 'litigation' OR state IN ({_STATES}));

CREATE FUNCTION litigation_case_is_litigation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'litigations are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.origin_id, NEW.matter_id, NEW.is_mediated_outside)
        IS DISTINCT FROM (OLD.origin_id, OLD.matter_id, OLD.is_mediated_outside) THEN
        RAISE EXCEPTION 'what a litigation came from never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_ptr_id AND kind = 'litigation') THEN
        RAISE EXCEPTION 'a litigation row belongs to a case of kind litigation' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER litigation_case_is_litigation BEFORE INSERT OR UPDATE OR DELETE ON litigation_litigation
    FOR EACH ROW EXECUTE FUNCTION litigation_case_is_litigation();
"""  # noqa: S608 - states of our own enum

# Judged at commit, on the row as it is then.
STATES_ARE_WHOLE = """
CREATE FUNCTION litigation_states_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    l litigation_litigation;
BEGIN
    IF NEW.kind <> 'litigation' OR NOT EXISTS (
        SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = NEW.state
    ) THEN  -- not ours, or moved on within this transaction
        RETURN NULL;
    END IF;
    SELECT * INTO l FROM litigation_litigation WHERE case_ptr_id = NEW.id;
    IF NOT EXISTS (SELECT 1 FROM cases_link WHERE case_id = l.origin_id AND other_id = NEW.id AND kind = 'escalated_to') THEN
        RAISE EXCEPTION 'litigation % is not linked to what it came from', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state NOT IN ('requested', 'assessing', 'declined', 'withdrawn') AND (l.assessed_at IS NULL OR l.court = '') THEN
        RAISE EXCEPTION 'litigation % goes on without assessment and court', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('sealed', 'filed', 'docketed', 'hearing', 'judged', 'appealing', 'effective', 'enforcing', 'court_rejected')
       AND NOT EXISTS (
           SELECT 1 FROM litigation_seal s JOIN bundles_binding b ON b.bundle_id = s.bundle_id WHERE s.case_id = NEW.id
       ) THEN
        RAISE EXCEPTION 'litigation % has no final papers', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('filed', 'docketed', 'hearing', 'judged', 'appealing', 'effective', 'enforcing', 'court_rejected')
       AND l.filed_on IS NULL THEN
        RAISE EXCEPTION 'litigation % was never handed in', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('docketed', 'hearing', 'judged', 'effective', 'enforcing') AND (l.docket_number = '' OR l.procedure = '') THEN
        RAISE EXCEPTION 'litigation % has no number of a court', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('judged', 'effective', 'enforcing') AND (l.outcome = '' OR l.served_on IS NULL) THEN
        RAISE EXCEPTION 'litigation % has no judgment', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'appealing' AND (l.procedure = 'small' OR l.appealed_on IS NULL) THEN
        RAISE EXCEPTION 'litigation % cannot be appealed', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('effective', 'enforcing') AND l.effective_on IS NULL THEN
        RAISE EXCEPTION 'litigation % has no judgment in force', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'enforcing' AND (l.enforced_on IS NULL OR coalesce(l.awarded_cny, 0) <= 0) THEN
        RAISE EXCEPTION 'litigation % has nothing to enforce', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER litigation_states_are_whole AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION litigation_states_are_whole();
"""


def _told_once(table: str, keeps: str, tells: str, words: str) -> str:
    """SQL for rows to which something is added once, and which otherwise stay as they are."""
    new, old = (", ".join(f"{row}.{name}" for name in keeps.split()) for row in ("NEW", "OLD"))
    return f"""
CREATE FUNCTION {table}_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR ({new}) IS DISTINCT FROM ({old}) OR {tells} THEN
        RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_is_bound BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_is_bound();
CREATE TRIGGER {table}_is_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_bound();
"""


ROWS = "\n".join(
    [
        _told_once(
            "litigation_limitationfact",
            "id case_id seq kind happened_on evidence recorded_by_id recorded_at",
            "OLD.until IS NOT NULL",
            "a fact of limitation never changes; its end is told once",
        ),
        _told_once(
            "litigation_draft",
            "id case_id kind version body missing sha256 drafted_by_id drafted_at",
            "OLD.file_id IS NOT NULL",
            "a paper never changes; it is printed once",
        ),
        _told_once(
            "litigation_hearing",
            "id case_id seq at place scheduled_by_id scheduled_at",
            "OLD.came <> ''",
            "a hearing never changes; it is held or called off once",
        ),
    ]
)
HISTORY = ("enclosure", "confirmation", "seal", "served", "sum")

SEALS = """
CREATE FUNCTION litigation_seal_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM litigation_confirmation c WHERE c.id = NEW.confirmation_id AND c.case_id = NEW.case_id
                   AND c.sha256 = NEW.papers_sha256)
       OR NOT EXISTS (SELECT 1 FROM bundles_bundle b JOIN bundles_binding d ON d.bundle_id = b.id
                      JOIN litigation_litigation l ON l.case_ptr_id = NEW.case_id
                      WHERE b.id = NEW.bundle_id AND b.profile = 'court' AND b.case_id = l.matter_id) THEN
        RAISE EXCEPTION 'only papers the consumer confirmed and a bound bundle for the court are final'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER litigation_seal_fits BEFORE INSERT ON litigation_seal FOR EACH ROW EXECUTE FUNCTION litigation_seal_fits();
"""

GUARDS = "\n".join(
    [CASES, STATES_ARE_WHOLE, ROWS, SEALS, *(history_triggers(f"litigation_{table}") for table in HISTORY)]
)

FEES = _told_once(
    "litigation_courtfee",
    "id case_id seq what cny payer noticed_on recorded_by_id recorded_at",
    "OLD.settled <> ''",
    "a fee of a court never changes; it is settled once",
)
