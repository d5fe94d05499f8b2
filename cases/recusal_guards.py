"""What the database refuses about recusals, whoever asks. Run by migrations."""

# Whoever is recused from a case does nothing on it and handles it not. The act that recuses somebody is the last of theirs: a
# row that became effective in the same transaction does not count for its own event. Checked at commit where two may meet.
RECUSALS = """
CREATE OR REPLACE FUNCTION cases_recusal_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'recusals are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.case_id, NEW.user_id, NEW.person, NEW.kind, NEW.ground, NEW.reason, NEW.asked_at, NEW.asked_by_id, NEW.asked_person)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.user_id, OLD.person, OLD.kind, OLD.ground, OLD.reason, OLD.asked_at, OLD.asked_by_id, OLD.asked_person)
        OR (OLD.effective_at IS NOT NULL AND NEW.effective_at IS DISTINCT FROM OLD.effective_at)
        OR (OLD.decided_at IS NOT NULL AND (NEW.decided_at, NEW.decided_by_id) IS DISTINCT FROM (OLD.decided_at, OLD.decided_by_id))
        OR (OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS DISTINCT FROM OLD.lifted_at)) THEN
        RAISE EXCEPTION 'a recusal is decided once, lifted once and otherwise never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.person <> (SELECT person FROM accounts_user WHERE id = NEW.user_id) THEN
        RAISE EXCEPTION 'the recused account is not that person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.decided_by_id IS NOT NULL AND NEW.person = (SELECT person FROM accounts_user WHERE id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'nobody decides on their own recusal' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.lifted_by_id IS NOT NULL AND NEW.person = (SELECT person FROM accounts_user WHERE id = NEW.lifted_by_id) THEN
        RAISE EXCEPTION 'nobody lifts their own recusal' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.effective_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.effective_at IS NULL) THEN
        NEW.txid := txid_current();
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS cases_recusal_is_bound ON cases_recusal;
CREATE TRIGGER cases_recusal_is_bound BEFORE INSERT OR UPDATE OR DELETE ON cases_recusal
    FOR EACH ROW EXECUTE FUNCTION cases_recusal_is_bound();

CREATE OR REPLACE FUNCTION cases_recused_does_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_recusal r WHERE r.case_id = NEW.case_id AND r.person = NEW.actor_person
               AND r.effective_at IS NOT NULL AND r.lifted_at IS NULL AND r.txid <> txid_current()) THEN
        RAISE EXCEPTION 'event % by a person recused from the case', NEW.verb USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS cases_recused_does_nothing ON cases_event;
CREATE TRIGGER cases_recused_does_nothing BEFORE INSERT ON cases_event
    FOR EACH ROW WHEN (NEW.actor_kind = 'staff') EXECUTE FUNCTION cases_recused_does_nothing();

CREATE OR REPLACE FUNCTION cases_recused_votes_not() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_recusal r WHERE r.case_id = NEW.case_id AND r.person = NEW.voter_person
               AND r.effective_at IS NOT NULL AND r.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'vote by a person recused from the case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS cases_recused_votes_not ON cases_approval;
CREATE TRIGGER cases_recused_votes_not BEFORE UPDATE ON cases_approval
    FOR EACH ROW WHEN (NEW.voter_person IS NOT NULL) EXECUTE FUNCTION cases_recused_votes_not();

CREATE OR REPLACE FUNCTION cases_recused_handles_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_case uuid := CASE WHEN TG_TABLE_NAME = 'cases_case' THEN NEW.id ELSE NULL END;
BEGIN
    IF TG_TABLE_NAME = 'cases_recusal' THEN
        of_case := NEW.case_id;
    END IF;
    IF EXISTS (SELECT 1 FROM cases_case c JOIN accounts_user u ON u.id = c.assignee_id
               JOIN cases_recusal r ON r.case_id = c.id AND r.person = u.person
               WHERE c.id = of_case AND r.effective_at IS NOT NULL AND r.lifted_at IS NULL AND c.ended_at IS NULL) THEN
        RAISE EXCEPTION 'a case is handled by a person recused from it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_recused_handles_nothing ON cases_recusal;
CREATE CONSTRAINT TRIGGER cases_recused_handles_nothing AFTER INSERT OR UPDATE ON cases_recusal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_recused_handles_nothing();
DROP TRIGGER IF EXISTS cases_recused_handles_nothing ON cases_case;
CREATE CONSTRAINT TRIGGER cases_recused_handles_nothing AFTER UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.assignee_id IS NOT NULL AND OLD.assignee_id IS DISTINCT FROM NEW.assignee_id)
    EXECUTE FUNCTION cases_recused_handles_nothing();
"""
