"""What the database itself refuses about pages and copies: bundles were bound of them, so they stay as they were made. Run by migrations."""

from cases.guards import history_triggers

GUARDS = history_triggers("copies_pages")
UNGUARD = "DROP TRIGGER copies_pages_is_final ON copies_pages; DROP TRIGGER copies_pages_is_whole ON copies_pages;"

COPIES = ("copies_preview", "copies_covering", "copies_coveredcopy")

# What is covered is said of drawn pages of the item's own paper; versions have no gap; a copy is of its covering's case and pages.
COVERINGS = """
CREATE FUNCTION copies_covering_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM copies_pages p JOIN evidence_item i ON i.attachment_id = p.attachment_id
                   WHERE p.id = NEW.pages_id AND p.outcome = 'drawn' AND i.attachment_id = NEW.item_id AND i.case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'these are not the pages of this item of this case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF jsonb_typeof(NEW.areas) <> 'array' THEN
        RAISE EXCEPTION 'areas are a list' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.version <> 1 + (SELECT count(*) FROM copies_covering WHERE item_id = NEW.item_id AND audience = NEW.audience) THEN
        RAISE EXCEPTION 'versions of a covering have no gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER copies_covering_is_next BEFORE INSERT ON copies_covering
    FOR EACH ROW EXECUTE FUNCTION copies_covering_is_next();
CREATE FUNCTION copies_copy_is_of_its_covering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM copies_covering c JOIN copies_pages p ON p.id = c.pages_id JOIN files_storedfile f ON f.id = NEW.file_id
                   WHERE c.id = NEW.covering_id AND f.scope = c.case_id AND f.id <> p.file_id
                   AND jsonb_array_length(c.areas) > 0 AND p.count = NEW.count) THEN
        RAISE EXCEPTION 'a copy is of the pages and the case of its covering' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER copies_copy_is_of_its_covering BEFORE INSERT ON copies_coveredcopy
    FOR EACH ROW EXECUTE FUNCTION copies_copy_is_of_its_covering();
"""

COPY_GUARDS = COVERINGS + "".join(map(history_triggers, COPIES))

COPY_UNGUARD = (
    "".join(f"DROP TRIGGER {table}_is_whole ON {table}; DROP TRIGGER {table}_is_final ON {table};" for table in COPIES)
    + """
DROP TRIGGER copies_copy_is_of_its_covering ON copies_coveredcopy;
DROP TRIGGER copies_covering_is_next ON copies_covering;
DROP FUNCTION copies_copy_is_of_its_covering(), copies_covering_is_next();
"""
)
