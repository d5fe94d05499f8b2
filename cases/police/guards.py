"""What the database refuses about police reports, whoever asks: a report without a receipt, remedies for who has none, a sum that is not
the table's, a confirmation of other words, a pack that leaves by one person."""

from cases.guards import history_triggers
from cases.police.states import State

_STATES = ", ".join(f"'{state}'" for state in State.values)

CASES = f"""
CREATE SEQUENCE cases_number_police_report;
ALTER TABLE cases_case ADD CONSTRAINT case_police_report_state CHECK (kind <> 'police_report' OR state IN ({_STATES}));

CREATE FUNCTION police_case_is_police_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'police reports are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.origin_id IS DISTINCT FROM OLD.origin_id THEN
        RAISE EXCEPTION 'the origin of a police report never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.receipt_no <> '' AND (NEW.receipt_no, NEW.capacity, NEW.organ, NEW.reported_by)
       IS DISTINCT FROM (OLD.receipt_no, OLD.capacity, OLD.organ, OLD.reported_by) THEN
        RAISE EXCEPTION 'who reported what to whom never changes once there is a receipt' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_ptr_id AND kind = 'police_report') THEN
        RAISE EXCEPTION 'a row of a police report belongs to a case of that kind' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_case_is_police_report BEFORE INSERT OR UPDATE OR DELETE ON police_policereport
    FOR EACH ROW EXECUTE FUNCTION police_case_is_police_report();
"""  # noqa: S608 - states of our own enum

# Judged at commit, on the rows as they are then.
SUMS = """
CREATE FUNCTION police_loss_is_the_sum(of_case uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT amount_cny FROM cases_case WHERE id = of_case)
       IS DISTINCT FROM (SELECT sum(amount_cny) FROM police_loss WHERE case_id = of_case AND struck_at IS NULL) THEN
        RAISE EXCEPTION 'the loss of police report % is not the sum of its table', of_case USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;
CREATE FUNCTION police_loss_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM police_loss_is_the_sum(NEW.case_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER police_loss_adds_up AFTER INSERT OR UPDATE ON police_loss
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION police_loss_adds_up();
"""

STATES_ARE_WHOLE = """
CREATE FUNCTION police_states_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p police_policereport;
BEGIN
    IF NEW.kind <> 'police_report' OR NOT EXISTS (
        SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = NEW.state
    ) THEN  -- not ours, or moved on within this transaction
        RETURN NULL;
    END IF;
    SELECT * INTO p FROM police_policereport WHERE case_ptr_id = NEW.id;
    IF NOT EXISTS (SELECT 1 FROM cases_link WHERE case_id = p.origin_id AND other_id = NEW.id AND kind = 'escalated_to') THEN
        RAISE EXCEPTION 'police report % is not linked to what it came from', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'ready' AND (
        EXISTS (SELECT 1 FROM police_material WHERE case_id = NEW.id AND state IN ('open', 'asked'))
        OR NOT EXISTS (SELECT 1 FROM police_confirmation c JOIN police_statement s ON s.id = c.statement_id
                       WHERE s.case_id = NEW.id AND s.version = (SELECT max(version) FROM police_statement WHERE case_id = NEW.id))
    ) THEN
        RAISE EXCEPTION 'the papers of police report % are not complete', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('reported', 'reviewing', 'docketed', 'not_docketed', 'reconsidering', 'rereviewing', 'closed')
       AND (p.receipt_no = '' OR coalesce(p.officer, '') = '' OR p.organ = '' OR p.accepted_on IS NULL) THEN
        RAISE EXCEPTION 'police report % has no receipt with an officer', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'docketed' AND p.docket_no = '' THEN
        RAISE EXCEPTION 'police report % was filed under no number', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('not_docketed', 'reconsidering', 'rereviewing') AND (p.refused_on IS NULL OR p.refusal_no = '') THEN
        RAISE EXCEPTION 'police report % was refused by no notice', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('reconsidering', 'rereviewing') AND (p.capacity <> 'accuser' OR p.reconsideration_asked_on IS NULL) THEN
        RAISE EXCEPTION 'police report %: only an accuser has a reconsideration', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'rereviewing' AND (p.reconsidered_on IS NULL OR p.rereview_asked_on IS NULL) THEN
        RAISE EXCEPTION 'police report %: a second review follows a reconsideration', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM police_loss_is_the_sum(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER police_states_are_whole AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION police_states_are_whole();
"""

CLOCKS = """
CREATE FUNCTION police_remedy_of_an_accuser() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM police_policereport WHERE case_ptr_id = NEW.case_id AND capacity <> 'accuser') THEN
        RAISE EXCEPTION 'only an accuser has days for a reconsideration' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_remedy_of_an_accuser BEFORE INSERT ON clocks_clock
    FOR EACH ROW WHEN (NEW.family IN ('RECON', 'REREV')) EXECUTE FUNCTION police_remedy_of_an_accuser();
"""

LISTS = """
CREATE FUNCTION police_list_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'papers and losses are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_TABLE_NAME = 'police_material' THEN
        IF (NEW.id, NEW.case_id, NEW.seq, NEW.code, NEW.label) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.seq, OLD.code, OLD.label)
           OR (OLD.state <> 'open' AND NEW.state = 'open') THEN
            RAISE EXCEPTION 'what a paper is never changes' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF OLD.struck_at IS NOT NULL
       OR (NEW.id, NEW.case_id, NEW.seq, NEW.occurred_on, NEW.amount_cny, NEW.payee, NEW.channel, NEW.paper_id, NEW.added_by_id, NEW.added_at)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.seq, OLD.occurred_on, OLD.amount_cny, OLD.payee, OLD.channel, OLD.paper_id, OLD.added_by_id, OLD.added_at) THEN
        RAISE EXCEPTION 'a loss is struck once and otherwise stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_material_is_bound BEFORE UPDATE OR DELETE ON police_material
    FOR EACH ROW EXECUTE FUNCTION police_list_is_bound();
CREATE TRIGGER police_material_is_whole BEFORE TRUNCATE ON police_material
    FOR EACH STATEMENT EXECUTE FUNCTION police_list_is_bound();
CREATE TRIGGER police_loss_is_bound BEFORE UPDATE OR DELETE ON police_loss
    FOR EACH ROW EXECUTE FUNCTION police_list_is_bound();
CREATE TRIGGER police_loss_is_whole BEFORE TRUNCATE ON police_loss
    FOR EACH STATEMENT EXECUTE FUNCTION police_list_is_bound();

CREATE FUNCTION police_paper_is_of_the_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM police_policereport p JOIN attachments_attachment a ON a.subject = p.origin_id
                   WHERE p.case_ptr_id = NEW.case_id AND a.id = NEW.paper_id) THEN
        RAISE EXCEPTION 'a paper is one of the case it came from' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_material_paper BEFORE INSERT OR UPDATE ON police_material
    FOR EACH ROW WHEN (NEW.paper_id IS NOT NULL) EXECUTE FUNCTION police_paper_is_of_the_origin();
CREATE TRIGGER police_loss_paper BEFORE INSERT ON police_loss
    FOR EACH ROW WHEN (NEW.paper_id IS NOT NULL) EXECUTE FUNCTION police_paper_is_of_the_origin();
"""

STATEMENTS = """
CREATE FUNCTION police_statement_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + (SELECT count(*) FROM police_statement WHERE case_id = NEW.case_id)
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_id AND state = 'preparing') THEN
        RAISE EXCEPTION 'a version of a statement is the next, while papers are prepared' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_statement_is_next BEFORE INSERT ON police_statement
    FOR EACH ROW EXECUTE FUNCTION police_statement_is_next();

CREATE FUNCTION police_confirmation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM police_statement s WHERE s.id = NEW.statement_id AND s.case_id = NEW.case_id AND s.sha256 = NEW.sha256
                   AND s.version = (SELECT max(version) FROM police_statement WHERE case_id = s.case_id)) THEN
        RAISE EXCEPTION 'a confirmation is of the latest version, as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.actor_kind = 'staff' AND coalesce(NEW.evidence, '') = '' THEN
        RAISE EXCEPTION 'what staff confirm for the consumer can be shown' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_confirmation_fits BEFORE INSERT ON police_confirmation
    FOR EACH ROW EXECUTE FUNCTION police_confirmation_fits();
"""

PACKS = """
CREATE FUNCTION police_pack_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM police_confirmation WHERE statement_id = NEW.statement_id AND case_id = NEW.case_id)
       OR NEW.recipient = '' OR NEW.basis = '' OR coalesce(NEW.reference, '') = '' OR coalesce(NEW.purpose, '') = '' THEN
        RAISE EXCEPTION 'a pack holds a confirmed statement and says for whom, on what basis and what for' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_pack_fits BEFORE INSERT ON police_pack FOR EACH ROW EXECUTE FUNCTION police_pack_fits();

CREATE FUNCTION police_release_was_voted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM police_packfile WHERE pack_id = NEW.pack_id AND case_id = NEW.case_id)
       OR NOT EXISTS (SELECT 1 FROM cases_approval WHERE id = NEW.approval_id AND case_id = NEW.case_id AND verb = 'police.release_pack'
                      AND verdict = 'approved' AND maker_person = NEW.asked_by_person AND voter_person = NEW.released_by_person) THEN
        RAISE EXCEPTION 'a finished pack leaves by the vote of a second person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_release_was_voted BEFORE INSERT ON police_packrelease
    FOR EACH ROW EXECUTE FUNCTION police_release_was_voted();

CREATE FUNCTION police_taking_was_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM police_packrelease WHERE pack_id = NEW.pack_id AND case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'only a released pack leaves the house' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_taking_was_released BEFORE INSERT ON police_packtaking
    FOR EACH ROW EXECUTE FUNCTION police_taking_was_released();
"""

# Since 0003. The words of a loss are sealed, so the database compares when the table changed with when the version was drafted.
LOSSES_CONFIRMED = """
CREATE FUNCTION police_ready_as_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = 'ready') AND EXISTS (
        SELECT 1 FROM police_loss WHERE case_id = NEW.id AND greatest(added_at, struck_at) >
            (SELECT drafted_at FROM police_statement WHERE case_id = NEW.id ORDER BY version DESC LIMIT 1)
    ) THEN
        RAISE EXCEPTION 'the losses of police report % changed after the statement', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER police_ready_as_confirmed AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'police_report' AND NEW.state = 'ready')
    EXECUTE FUNCTION police_ready_as_confirmed();
"""

# Since 0005: a report of the house itself comes out of no case and has no consumer.
_LINKED = "IF NOT EXISTS (SELECT 1 FROM cases_link"
_OWN = """IF p.origin_id IS NULL AND NEW.consumer_id IS NOT NULL THEN
        RAISE EXCEPTION 'no consumer takes part in report % of the house', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF p.origin_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_link"""
OWN_REPORTS = (
    STATES_ARE_WHOLE.partition("CREATE CONSTRAINT TRIGGER")[0]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace(_LINKED, _OWN, 1)
)
REQUESTS = """
CREATE FUNCTION police_request_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.answer <> ''
       OR (NEW.id, NEW.case_id, NEW.seq, NEW.authority, NEW.basis, NEW.reference, NEW.wanted, NEW.asked_on, NEW.recorded_by_id, NEW.recorded_at)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.seq, OLD.authority, OLD.basis, OLD.reference, OLD.wanted, OLD.asked_on, OLD.recorded_by_id, OLD.recorded_at) THEN
        RAISE EXCEPTION 'a request of an authority is answered once and otherwise stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.answer = 'pack' AND NOT EXISTS (SELECT 1 FROM police_packtaking WHERE pack_id = NEW.pack_id AND case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'what was given is a pack that was released and handed over' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER police_request_is_bound BEFORE UPDATE OR DELETE ON police_cooperation
    FOR EACH ROW EXECUTE FUNCTION police_request_is_bound();
CREATE TRIGGER police_request_is_whole BEFORE TRUNCATE ON police_cooperation
    FOR EACH STATEMENT EXECUTE FUNCTION police_request_is_bound();
"""

FINAL_TABLES = (
    "police_statement",
    "police_confirmation",
    "police_pack",
    "police_packfile",
    "police_packrelease",
    "police_packtaking",
)

GUARDS = "\n".join(
    [
        CASES,
        SUMS,
        STATES_ARE_WHOLE,
        CLOCKS,
        LISTS,
        STATEMENTS,
        PACKS,
        *(history_triggers(table) for table in FINAL_TABLES),
    ]
)
