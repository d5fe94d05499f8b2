"""What the database refuses for inquiries: unknown states, an end without telling, a complaint that counts from another day, a clock."""

from cases.inquiries.states import State

_STATES = ", ".join(f"'{state}'" for state in State.values)

STATES = f"""
ALTER TABLE cases_case DROP CONSTRAINT IF EXISTS case_inquiry_state;
ALTER TABLE cases_case ADD CONSTRAINT case_inquiry_state CHECK (kind <> 'inquiry' OR state IN ({_STATES}));
"""

# What a question became was received when the question was, unless the complaint's own record was corrected since.
ENDS = """
CREATE OR REPLACE FUNCTION inquiries_ends_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'inquiry' OR NOT EXISTS (
        SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = NEW.state
    ) THEN  -- not ours, or moved on within this transaction
        RETURN NULL;
    END IF;
    IF NEW.state = 'routed' AND NOT EXISTS (
        SELECT 1 FROM inquiries_inquiry i WHERE i.case_ptr_id = NEW.id AND (i.routed_unit_id IS NOT NULL) <> (i.routed_outside <> '')
    ) THEN
        RAISE EXCEPTION 'inquiry % is routed to no one place', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'closed' AND NOT EXISTS (
        SELECT 1 FROM inquiries_inquiry i LEFT JOIN cases_delivery d ON d.id = i.told_id
        WHERE i.case_ptr_id = NEW.id AND (i.nature = 'clue' OR d.case_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'inquiry % is closed without proof of telling', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'converted' AND NOT EXISTS (
        SELECT 1 FROM cases_link l JOIN cases_case c ON c.id = l.other_id
        WHERE l.case_id = NEW.id AND l.kind = 'escalated_to' AND c.kind = 'complaint' AND (c.received_at = NEW.received_at
            OR EXISTS (SELECT 1 FROM cases_event e WHERE e.case_id = c.id AND e.data ? 'was_received'))
    ) THEN
        RAISE EXCEPTION 'inquiry % became no complaint received when it was', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

GUARDS = f"""
CREATE SEQUENCE cases_number_inquiry;
{STATES}
CREATE OR REPLACE FUNCTION inquiries_case_is_inquiry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'inquiries are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.nature <> OLD.nature THEN
        RAISE EXCEPTION 'the nature of an inquiry never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_ptr_id AND kind = 'inquiry') THEN
        RAISE EXCEPTION 'an inquiry row belongs to a case of kind inquiry' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inquiries_case_is_inquiry BEFORE INSERT OR UPDATE OR DELETE ON inquiries_inquiry
    FOR EACH ROW EXECUTE FUNCTION inquiries_case_is_inquiry();

{ENDS}CREATE CONSTRAINT TRIGGER inquiries_ends_are_whole AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inquiries_ends_are_whole();

CREATE OR REPLACE FUNCTION inquiries_have_no_complaint_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_id AND kind = 'inquiry') THEN
        RAISE EXCEPTION 'the clock of complaints does not run on an inquiry' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER inquiries_have_no_complaint_clock AFTER INSERT ON clocks_clock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.family = 'CMP') EXECUTE FUNCTION inquiries_have_no_complaint_clock();
"""  # noqa: S608 - states of our own enum
