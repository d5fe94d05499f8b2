"""What the database itself refuses, whoever asks. Run by migrations."""

GUARDS = """
CREATE FUNCTION files_storedfile_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stored files are written once: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER files_storedfile_is_final BEFORE UPDATE OR DELETE ON files_storedfile
    FOR EACH ROW EXECUTE FUNCTION files_storedfile_is_final();
CREATE TRIGGER files_storedfile_is_whole BEFORE TRUNCATE ON files_storedfile
    FOR EACH STATEMENT EXECUTE FUNCTION files_storedfile_is_final();
"""

UNGUARD = """
DROP TRIGGER files_storedfile_is_whole ON files_storedfile;
DROP TRIGGER files_storedfile_is_final ON files_storedfile;
DROP FUNCTION files_storedfile_is_final();
"""

# The row of a file whose key was destroyed may go: nothing under it can be read again.
FORGETTING = """
CREATE OR REPLACE FUNCTION files_storedfile_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM privacy_datakey WHERE scope = OLD.scope AND destroyed_at IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'stored files are written once: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

# A row from before SM3 was kept may get its hash, once, and nothing else.
HASHING = """
ALTER TABLE files_storedfile ADD CONSTRAINT file_sm3_is_whole CHECK (octet_length(sm3) = 32);
CREATE OR REPLACE FUNCTION files_storedfile_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM privacy_datakey WHERE scope = OLD.scope AND destroyed_at IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.sm3 IS NULL AND NEW.sm3 IS NOT NULL THEN
        OLD.sm3 := NEW.sm3;
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'stored files are written once: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

UNHASHING = "ALTER TABLE files_storedfile DROP CONSTRAINT file_sm3_is_whole;" + FORGETTING
