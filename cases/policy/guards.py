"""What the database refuses for policy: a changed text after it left the draft, an approval by the author, a lost act."""

from cases.guards import history_triggers

GUARDS = f"""
CREATE OR REPLACE FUNCTION policy_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'policy versions are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('approved', 'dropped') THEN
        RAISE EXCEPTION 'policy version %: % is final', OLD.id, OLD.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'proposed' AND (NEW.content, NEW.title, NEW.effective_from) IS DISTINCT FROM (OLD.content, OLD.title, OLD.effective_from) THEN
        RAISE EXCEPTION 'policy version %: what waits for approval does not change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.subject, NEW.code, NEW.author_id, NEW.author_person, NEW.created_at)
       IS DISTINCT FROM (OLD.subject, OLD.code, OLD.author_id, OLD.author_person, OLD.created_at) THEN
        RAISE EXCEPTION 'policy version %: its subject and author never change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policy_is_bound BEFORE UPDATE OR DELETE ON policy_policyversion FOR EACH ROW EXECUTE FUNCTION policy_is_bound();

CREATE OR REPLACE FUNCTION policy_needs_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM policy_policyact a JOIN ledger_entry l ON l.source = 'policy.act' AND l.source_id = a.id
        WHERE a.policy_id = NEW.id AND a.seq = NEW.version AND a.after_state = NEW.state AND l.txid = txid_current()
    ) THEN
        RAISE EXCEPTION 'policy version %: state % without its act and ledger entry', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER policy_needs_act AFTER INSERT OR UPDATE ON policy_policyversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION policy_needs_act();
{history_triggers("policy_policyact")}
"""  # noqa: S608 - statements of this module
