"""What the database refuses for complaints: unknown states, a notice without proof, a decision nobody else approved."""

from cases.complaints.states import State

_STATES = ", ".join(f"'{state}'" for state in State.values)

GUARDS = f"""
CREATE SEQUENCE cases_number_complaint;

ALTER TABLE cases_case ADD CONSTRAINT case_complaint_state CHECK (kind <> 'complaint' OR state IN ({_STATES}));

CREATE FUNCTION complaints_told_with_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'complaint' OR NEW.is_historical THEN
        RETURN NULL;
    END IF;
    IF NEW.state IN ('notified', 'closed') AND NOT EXISTS (
        SELECT 1 FROM complaints_complaint c LEFT JOIN cases_delivery d ON d.id = c.notice_id
        WHERE c.case_ptr_id = NEW.id AND (d.case_id = NEW.id OR c.notice_waiver <> '')
    ) THEN
        RAISE EXCEPTION 'complaint % is told without proof of sending or waiver', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('decided', 'notified', 'closed') AND NOT EXISTS (
        SELECT 1 FROM complaints_complaint c JOIN cases_approval a ON a.decision_id = c.decision_id
        WHERE c.case_ptr_id = NEW.id AND a.case_id = NEW.id AND a.verdict = 'approved' AND a.voter_person <> a.maker_person
    ) THEN
        RAISE EXCEPTION 'complaint % is decided without a second person', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER complaints_told_with_proof AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION complaints_told_with_proof();

CREATE FUNCTION complaints_case_is_complaint() RETURNS trigger LANGUAGE plpgsql AS $$
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
