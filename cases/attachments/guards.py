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

# What a look into a paper found, and what a person decided about it, are as final as the paper.
JUDGEMENTS = """
CREATE TRIGGER attachments_examination_is_final BEFORE UPDATE OR DELETE ON attachments_examination
    FOR EACH ROW EXECUTE FUNCTION attachments_of_cases_are_final();
CREATE TRIGGER attachments_ruling_is_final BEFORE UPDATE OR DELETE ON attachments_ruling
    FOR EACH ROW EXECUTE FUNCTION attachments_of_cases_are_final();
CREATE FUNCTION attachments_ruling_is_on_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM attachments_examination e JOIN attachments_attachment a ON a.id = e.attachment_id
                   WHERE e.attachment_id = NEW.attachment_id AND e.verdict = 'held' AND a.subject = NEW.subject
                     AND a.added_by_id IS DISTINCT FROM NEW.ruled_by) THEN
        RAISE EXCEPTION 'only a held paper is ruled on, by somebody who did not add it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachments_ruling_is_on_held BEFORE INSERT ON attachments_ruling
    FOR EACH ROW EXECUTE FUNCTION attachments_ruling_is_on_held();
"""

JUDGEMENTS_UNGUARD = """
DROP TRIGGER attachments_ruling_is_on_held ON attachments_ruling;
DROP FUNCTION attachments_ruling_is_on_held();
DROP TRIGGER attachments_ruling_is_final ON attachments_ruling;
DROP TRIGGER attachments_examination_is_final ON attachments_examination;
"""
