"""What the database itself refuses, whoever asks. Run by migrations."""

GUARDS = """
CREATE FUNCTION privacy_reveallog_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER privacy_reveallog_is_final BEFORE UPDATE OR DELETE ON privacy_reveallog
    FOR EACH ROW EXECUTE FUNCTION privacy_reveallog_is_final();
CREATE TRIGGER privacy_reveallog_is_whole BEFORE TRUNCATE ON privacy_reveallog
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_reveallog_is_final();

CREATE FUNCTION privacy_datakey_lives_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'data keys are destroyed, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.scope <> OLD.scope OR NEW.created_at <> OLD.created_at OR OLD.destroyed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a data key is rewrapped or destroyed, nothing else' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER privacy_datakey_lives_once BEFORE UPDATE OR DELETE ON privacy_datakey
    FOR EACH ROW EXECUTE FUNCTION privacy_datakey_lives_once();
CREATE TRIGGER privacy_datakey_is_whole BEFORE TRUNCATE ON privacy_datakey
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_datakey_lives_once();
"""

UNGUARD = """
DROP TRIGGER privacy_datakey_is_whole ON privacy_datakey;
DROP TRIGGER privacy_datakey_lives_once ON privacy_datakey;
DROP FUNCTION privacy_datakey_lives_once();
DROP TRIGGER privacy_reveallog_is_whole ON privacy_reveallog;
DROP TRIGGER privacy_reveallog_is_final ON privacy_reveallog;
DROP FUNCTION privacy_reveallog_is_final();
"""
