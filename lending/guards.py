"""What the database itself refuses about lending, whoever asks. Run by migrations."""

CONTACTS = """
CREATE OR REPLACE FUNCTION lending_contacts_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'calls stay as they were recorded: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER lending_contact_is_final BEFORE UPDATE OR DELETE ON lending_contact
    FOR EACH ROW EXECUTE FUNCTION lending_contacts_are_final();
CREATE TRIGGER lending_contact_is_whole BEFORE TRUNCATE ON lending_contact
    FOR EACH STATEMENT EXECUTE FUNCTION lending_contacts_are_final();
"""
