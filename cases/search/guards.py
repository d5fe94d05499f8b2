"""What the database does by itself for the search: no event without a look at the case's words, no tokens without a key."""

DUE = """
CREATE FUNCTION search_note_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_due (case_id) SELECT DISTINCT case_id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_due AFTER INSERT ON cases_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_note_due();
"""

# The words of a paper are read after the act that brought it. Drafts are noted too: their case may be opened at the same moment.
PAPERS = """
CREATE FUNCTION search_note_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_due (case_id) SELECT DISTINCT subject FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_paper AFTER INSERT ON attachments_papertext
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_note_paper();
"""

UNGUARD_PAPERS = """
DROP TRIGGER search_note_paper ON attachments_papertext;
DROP FUNCTION search_note_paper();
"""

FORGET = """
CREATE FUNCTION search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_text WHERE case_id = NEW.scope;
    RETURN NULL;
END $$;
CREATE TRIGGER search_forget AFTER UPDATE OF destroyed_at ON privacy_datakey
    FOR EACH ROW WHEN (NEW.destroyed_at IS NOT NULL) EXECUTE FUNCTION search_forget();
"""

UNGUARD = """
DROP TRIGGER search_note_due ON cases_event;
DROP TRIGGER search_forget ON privacy_datakey;
DROP FUNCTION search_note_due();
DROP FUNCTION search_forget();
"""
