"""What the database does by itself: what tells how a case reads goes with the key of the case, whoever destroys it;
and nobody changes a verdict without the sealed row that says who did."""

from cases.guards import history_triggers

FORGET = """
CREATE FUNCTION ties_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ties_signature WHERE case_id = NEW.scope;
    RETURN NULL;
END $$;
CREATE TRIGGER ties_forget AFTER UPDATE OF destroyed_at ON privacy_datakey
    FOR EACH ROW WHEN (NEW.destroyed_at IS NOT NULL) EXECUTE FUNCTION ties_forget();
"""

UNGUARD = """
DROP TRIGGER ties_forget ON privacy_datakey;
DROP FUNCTION ties_forget();
"""

JUDGED = f"""
CREATE FUNCTION ties_verdict_needs_judgement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM ties_judgement j JOIN ledger_entry l ON l.source = 'ties.judgement' AND l.source_id = j.id
        WHERE j.cluster_id = NEW.id AND j.verdict = NEW.verdict AND j.judged_by_id = NEW.judged_by_id
          AND j.judged_at = NEW.judged_at AND l.txid = txid_current()
    ) THEN
        RAISE EXCEPTION 'cluster %: a verdict without its judgement and ledger entry', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ties_verdict_needs_judgement AFTER UPDATE OF verdict, judged_at, judged_by_id ON ties_cluster
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ties_verdict_needs_judgement();
{history_triggers("ties_judgement")}
"""  # noqa: S608 - statements of this module

UNJUDGED = """
DROP TRIGGER ties_verdict_needs_judgement ON ties_cluster;
DROP FUNCTION ties_verdict_needs_judgement();
"""
