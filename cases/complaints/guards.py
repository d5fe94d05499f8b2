"""What the database refuses for complaints: unknown states, a notice without proof, a decision nobody else approved."""

from cases.complaints.states import State
from cases.guards import history_triggers

_STATES = ", ".join(f"'{state}'" for state in State.values)

STATES = f"""
ALTER TABLE cases_case DROP CONSTRAINT IF EXISTS case_complaint_state;
ALTER TABLE cases_case ADD CONSTRAINT case_complaint_state CHECK (kind <> 'complaint' OR state IN ({_STATES}));
"""

TOLD = """
CREATE OR REPLACE FUNCTION complaints_told_with_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'complaint' OR NEW.is_historical OR NOT EXISTS (
        SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = NEW.state
    ) THEN  -- not ours, or moved on within this transaction: what it became is judged by its own row version
        RETURN NULL;
    END IF;
    IF NEW.state IN ('notified', 'closed') AND NOT EXISTS (
        SELECT 1 FROM complaints_complaint c LEFT JOIN cases_delivery d ON d.id = c.notice_id
        WHERE c.case_ptr_id = NEW.id AND (d.case_id = NEW.id OR c.notice_waiver <> '')
    ) THEN
        RAISE EXCEPTION 'complaint % is told without proof of sending or waiver', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'merged' AND NOT EXISTS (
        SELECT 1 FROM cases_approval a WHERE a.case_id = NEW.id AND a.verb = 'complaints.merge' AND a.verdict = 'approved'
          AND a.voter_person <> a.maker_person
    ) THEN
        RAISE EXCEPTION 'complaint % is merged without a second person', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> 'declined' AND (NEW.state IN ('closed', 'withdrawn', 'merged')) <> (NEW.ended_at IS NOT NULL) THEN
        RAISE EXCEPTION 'complaint % ends only in a closing state, and then always: %', NEW.number, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('decided', 'notified', 'closed') AND NOT EXISTS (
        SELECT 1 FROM complaints_complaint c JOIN cases_approval a ON a.decision_id = c.decision_id
        WHERE c.case_ptr_id = NEW.id AND a.case_id = NEW.id AND a.verdict = 'approved' AND a.voter_person <> a.maker_person
    ) AND NOT EXISTS (
        SELECT 1 FROM complaints_complaint c JOIN complaints_review r ON r.decision_id = c.decision_id
        JOIN accounts_user u ON u.id = r.decider_id
        WHERE c.case_ptr_id = NEW.id AND r.case_id = NEW.id AND r.unit_id <> NEW.unit_id AND u.person = r.decider_person
          AND NOT EXISTS (
              SELECT 1 FROM cases_approval a WHERE a.decision_id = r.reviewed_id
                AND r.decider_person IN (a.maker_person, a.voter_person, a.handler_person))
    ) THEN
        RAISE EXCEPTION 'complaint % is decided without a second person', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

GUARDS = f"""
CREATE SEQUENCE cases_number_complaint;
{STATES}
{TOLD}CREATE CONSTRAINT TRIGGER complaints_told_with_proof AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION complaints_told_with_proof();

CREATE OR REPLACE FUNCTION complaints_case_is_complaint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'complaints are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_ptr_id AND kind = 'complaint') THEN
        RAISE EXCEPTION 'a complaint row belongs to a case of kind complaint' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaints_case_is_complaint BEFORE INSERT OR DELETE ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION complaints_case_is_complaint();
"""  # noqa: S608 - states of our own enum

_FINAL_TABLES = (
    "complaints_supplementrequest",
    "complaints_supplementitem",
    "complaints_supplementanswer",
    "complaints_newfacts",
)

EXTENSION_BOUND = """
CREATE OR REPLACE FUNCTION complaints_extension_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.outcome <> '' OR (NEW.id, NEW.case_id, NEW.approval_id, NEW.code, NEW.approved_at)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.approval_id, OLD.code, OLD.approved_at) THEN
        RAISE EXCEPTION 'an extension is settled once and never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

_ROWS_END_ONCE = f"""
{EXTENSION_BOUND}
CREATE TRIGGER complaints_extension_is_bound BEFORE UPDATE OR DELETE ON complaints_extension
    FOR EACH ROW EXECUTE FUNCTION complaints_extension_is_bound();
CREATE TRIGGER complaints_extension_is_whole BEFORE TRUNCATE ON complaints_extension
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_extension_is_bound();

CREATE OR REPLACE FUNCTION complaints_pause_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.resumed_at IS NOT NULL OR (NEW.id, NEW.case_id, NEW.kind, NEW.first_on, NEW.evidence, NEW.started_by_id, NEW.started_at)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.kind, OLD.first_on, OLD.evidence, OLD.started_by_id, OLD.started_at)
        OR (OLD.counts_from IS NOT NULL AND NEW.counts_from IS DISTINCT FROM OLD.counts_from) THEN
        RAISE EXCEPTION 'a pause only ends, once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaints_pause_is_bound BEFORE UPDATE OR DELETE ON complaints_clockpause
    FOR EACH ROW EXECUTE FUNCTION complaints_pause_is_bound();
CREATE TRIGGER complaints_pause_is_whole BEFORE TRUNCATE ON complaints_clockpause
    FOR EACH STATEMENT EXECUTE FUNCTION complaints_pause_is_bound();
"""

DECLINED = """
CREATE OR REPLACE FUNCTION complaints_declined_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'complaint' OR NEW.is_historical OR NEW.state <> 'declined' THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM cases_approval a WHERE a.case_id = NEW.id AND a.verb = 'complaints.confirm_decline' AND a.verdict = 'approved'
          AND a.voter_person <> a.maker_person
    ) THEN
        RAISE EXCEPTION 'complaint % is declined without a second person', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM complaints_complaint c LEFT JOIN cases_delivery d ON d.id = c.notice_id
        WHERE c.case_ptr_id = NEW.id AND (d.case_id = NEW.id OR c.notice_waiver <> '')
    ) THEN
        RAISE EXCEPTION 'complaint % has ended as declined without proof of telling', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER complaints_declined_by_two AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION complaints_declined_by_two();
"""

# A longer limit, or a count begun anew, stands only on what another person approved after the count began.
LONGER_LIMITS = """
CREATE OR REPLACE FUNCTION complaints_limit_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.code IN ('CMP30', 'CMP60') AND NOT EXISTS (
        SELECT 1 FROM complaints_extension x JOIN cases_approval a ON a.id = x.approval_id
        WHERE x.case_id = NEW.case_id AND x.code = NEW.code AND x.outcome = 'effective' AND a.case_id = NEW.case_id
          AND a.verb = 'complaints.approve_extension' AND a.verdict = 'approved' AND a.voter_person <> a.maker_person
          AND a.asked_at >= NEW.started_at AND (NEW.code <> 'CMP60' OR EXISTS (
              SELECT 1 FROM cases_delivery d WHERE d.id = x.notice_id AND d.case_id = NEW.case_id
                AND (x.old_due_at IS NULL OR d.sent_at < x.old_due_at + interval '1 second')))
    ) THEN
        RAISE EXCEPTION 'a limit of % without an approved extension told in time', NEW.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.code = 'CMP15' AND EXISTS (
        SELECT 1 FROM cases_case c JOIN complaints_complaint p ON p.case_ptr_id = c.id
        WHERE c.id = NEW.case_id AND NEW.started_at <> c.received_at AND p.reopened_at IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM cases_approval a WHERE a.case_id = NEW.case_id AND a.verb = 'complaints.approve_restart'
          AND a.verdict = 'approved' AND a.voter_person <> a.maker_person
    ) THEN
        RAISE EXCEPTION 'the count began anew without a second person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER complaints_limit_is_approved AFTER INSERT ON clocks_clock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.family = 'CMP') EXECUTE FUNCTION complaints_limit_is_approved();
"""


# Everything counts from the receipt: it changes only as two people corrected it, or to an earlier arrival by another source.
RECEIPTS = f"""
CREATE OR REPLACE FUNCTION complaints_receipt_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'complaint' OR EXISTS (
        SELECT 1 FROM complaints_receiptcorrection r JOIN cases_approval a ON a.id = r.approval_id
        WHERE r.case_id = NEW.id AND r.old_at = OLD.received_at AND r.new_at = NEW.received_at AND a.case_id = NEW.id
          AND a.verb = 'complaints.approve_receipt_time' AND a.verdict = 'approved' AND a.voter_person <> a.maker_person
          AND NOT EXISTS (SELECT 1 FROM complaints_receiptcorrection l WHERE l.case_id = r.case_id AND l.corrected_at > r.corrected_at)
    ) OR (NEW.received_at < OLD.received_at AND EXISTS (
        SELECT 1 FROM cases_source s WHERE s.case_id = NEW.id AND s.received_at = NEW.received_at)) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'complaint %: the time of receipt changes only by two people', NEW.number USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE CONSTRAINT TRIGGER complaints_receipt_by_two AFTER UPDATE ON cases_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.received_at IS DISTINCT FROM NEW.received_at) EXECUTE FUNCTION complaints_receipt_by_two();
{history_triggers("complaints_receiptcorrection")}
"""  # noqa: S608 - triggers of our own tables


def record_guards() -> str:
    """What holds for the rows of `cases.complaints.records`."""
    return "\n".join([_ROWS_END_ONCE, DECLINED, LONGER_LIMITS, *(history_triggers(table) for table in _FINAL_TABLES)])


# What follows a decision: attempts are final, a promise is confirmed once, a review decided once, a survey answered once.
OUTCOMES = f"""
CREATE OR REPLACE FUNCTION complaints_outcome_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    is_now jsonb;
    answer text;
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    is_now := to_jsonb(NEW);
    IF was ->> TG_ARGV[0] IS NOT NULL THEN
        RAISE EXCEPTION 'a row of % is answered once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    FOREACH answer IN ARRAY TG_ARGV LOOP
        was := was - answer;
        is_now := is_now - answer;
    END LOOP;
    IF was IS DISTINCT FROM is_now THEN
        RAISE EXCEPTION 'what a row of % says never changes', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaints_redress_is_bound BEFORE UPDATE OR DELETE ON complaints_redress
    FOR EACH ROW EXECUTE FUNCTION complaints_outcome_is_bound('confirmed_at', 'confirmed_by_id', 'evidence');
CREATE TRIGGER complaints_review_is_bound BEFORE UPDATE OR DELETE ON complaints_review
    FOR EACH ROW EXECUTE FUNCTION complaints_outcome_is_bound(
        'decided_at', 'decision_id', 'decider_id', 'decider_person', 'outcome', 'procedure', 'timeliness');
CREATE TRIGGER complaints_survey_is_bound BEFORE UPDATE OR DELETE ON complaints_survey
    FOR EACH ROW EXECUTE FUNCTION complaints_outcome_is_bound('answered_at', 'result', 'speed', 'conduct', 'words');
{history_triggers("complaints_attempt")}

CREATE OR REPLACE FUNCTION complaints_closed_when_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'complaint' AND NOT NEW.is_historical AND NEW.state = 'closed' AND EXISTS (
        SELECT 1 FROM complaints_complaint c JOIN complaints_redress r ON r.decision_id = c.decision_id
        WHERE c.case_ptr_id = NEW.id AND r.confirmed_at IS NULL
    ) AND EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = NEW.state) THEN
        RAISE EXCEPTION 'complaint % is closed with a promise nobody confirmed', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER complaints_closed_when_kept AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'closed') EXECUTE FUNCTION complaints_closed_when_kept();
"""  # noqa: S608 - triggers of our own tables


# A complainant's number changes only with a settled change behind it: codes to both phones, or a second person's vote.
CONTACTS = f"""
{history_triggers("complaints_statement")}
CREATE TRIGGER complaints_phonechange_is_bound BEFORE UPDATE OR DELETE ON complaints_phonechange
    FOR EACH ROW EXECUTE FUNCTION complaints_outcome_is_bound('ended_at', 'outcome', 'reason', 'approval_id');

CREATE FUNCTION complaints_phone_is_proven() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM complaints_complaint WHERE case_ptr_id = NEW.case_id) AND NOT EXISTS (
        SELECT 1 FROM complaints_phonechange p LEFT JOIN cases_approval a ON a.id = p.approval_id
        WHERE p.case_id = NEW.case_id AND p.outcome = 'changed' AND p.old_index = OLD.phone_index AND p.new_index = NEW.phone_index
          AND (p.manner = 'codes' OR (p.manner = 'followed' AND EXISTS (
                   SELECT 1 FROM complaints_phonechange q WHERE q.person_id = p.person_id AND q.outcome = 'changed' AND q.manner <> 'followed'
                     AND q.old_index = p.old_index AND q.new_index = p.new_index))
               OR (a.case_id = NEW.case_id AND a.verb = 'complaints.approve_phone' AND a.verdict = 'approved'
               AND a.voter_person <> a.maker_person))
    ) THEN
        RAISE EXCEPTION 'a telephone number changes only when it was proven' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER complaints_phone_is_proven AFTER UPDATE ON cases_party DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.phone_index IS DISTINCT FROM NEW.phone_index) EXECUTE FUNCTION complaints_phone_is_proven();
"""  # noqa: S608 - triggers of our own tables
