"""What the database itself refuses about papers, whoever asks. Run by migrations."""

GUARDS = """
CREATE FUNCTION attachments_of_cases_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM cases_case WHERE id = OLD.subject) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'papers of a case are final: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER attachments_attachment_is_final BEFORE UPDATE OR DELETE ON attachments_attachment
    FOR EACH ROW EXECUTE FUNCTION attachments_of_cases_are_final();
"""

UNGUARD = """
DROP TRIGGER attachments_attachment_is_final ON attachments_attachment;
DROP FUNCTION attachments_of_cases_are_final();
"""
