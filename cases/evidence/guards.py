"""What the database itself refuses about evidence and custody, whoever asks. Run by migrations."""

from cases.guards import history_triggers

FINAL = ("evidence_description", "evidence_supersession", "evidence_listlock", "evidence_custody")

# An item is one paper of its case, usable when it was registered. Its paper, and so its hash, never changes; its number only before the lock.
ITEMS = """
CREATE FUNCTION evidence_item_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_locked boolean;
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'evidence is superseded, never removed: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    is_locked := EXISTS (SELECT 1 FROM evidence_listlock WHERE case_id = NEW.case_id);
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.attachment_id, NEW.case_id, NEW.late, NEW.registered_by, NEW.registered_at)
            IS DISTINCT FROM (OLD.attachment_id, OLD.case_id, OLD.late, OLD.registered_by, OLD.registered_at) THEN
            RAISE EXCEPTION 'an item is one paper for good' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF is_locked AND NEW.number <> OLD.number THEN
            RAISE EXCEPTION 'the list is locked: its numbers stay' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF is_locked <> (NEW.late > 0) THEN
        RAISE EXCEPTION 'letters are for what comes after the lock, and only for that' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM attachments_attachment a JOIN attachments_examination x ON x.attachment_id = a.id
                   LEFT JOIN attachments_ruling r ON r.attachment_id = a.id
                   WHERE a.id = NEW.attachment_id AND a.subject = NEW.case_id AND (x.verdict = 'accepted' OR r.is_released)) THEN
        RAISE EXCEPTION 'evidence is a usable paper of its own case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_item_is_bound BEFORE INSERT OR UPDATE OR DELETE ON evidence_item
    FOR EACH ROW EXECUTE FUNCTION evidence_item_is_bound();
CREATE TRIGGER evidence_item_is_whole BEFORE TRUNCATE ON evidence_item
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_item_is_bound();
"""

# Checked at commit: a whole order is many rows.
WHOLE = """
CREATE FUNCTION evidence_list_is_dense() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (
        SELECT number, late, row_number() OVER (PARTITION BY number ORDER BY late) - 1 AS place,
               dense_rank() OVER (ORDER BY number) AS rank
        FROM evidence_item WHERE case_id = NEW.case_id) i WHERE i.late <> i.place OR i.number <> i.rank) THEN
        RAISE EXCEPTION 'the numbers of the list have a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM evidence_custody WHERE attachment_id = NEW.attachment_id AND seq = 1)
       OR NOT EXISTS (SELECT 1 FROM evidence_description WHERE item_id = NEW.attachment_id AND version = 1) THEN
        RAISE EXCEPTION 'an item without custody or description' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER evidence_list_is_dense AFTER INSERT OR UPDATE ON evidence_item
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evidence_list_is_dense();
"""

# Rows beside an item belong to the case of that item; versions and places have no gap.
BESIDE = """
CREATE FUNCTION evidence_row_is_of_the_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM unnest(ARRAY[NEW.item_id, (to_jsonb(NEW) ->> 'by_id')::uuid]) AS named (id)
               WHERE id IS NOT NULL AND NOT EXISTS (
                   SELECT 1 FROM evidence_item WHERE attachment_id = named.id AND case_id = NEW.case_id)) THEN
        RAISE EXCEPTION 'this item belongs to another case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_description_is_of_the_case BEFORE INSERT ON evidence_description
    FOR EACH ROW EXECUTE FUNCTION evidence_row_is_of_the_case();
CREATE TRIGGER evidence_supersession_is_of_the_case BEFORE INSERT ON evidence_supersession
    FOR EACH ROW EXECUTE FUNCTION evidence_row_is_of_the_case();
CREATE FUNCTION evidence_version_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + (SELECT count(*) FROM evidence_description WHERE item_id = NEW.item_id) THEN
        RAISE EXCEPTION 'versions of a description have no gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_version_is_next BEFORE INSERT ON evidence_description
    FOR EACH ROW EXECUTE FUNCTION evidence_version_is_next();
"""

CUSTODY = """
CREATE FUNCTION evidence_custody_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <> 1 + (SELECT count(*) FROM evidence_custody WHERE attachment_id = NEW.attachment_id) THEN
        RAISE EXCEPTION 'custody has no gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM attachments_attachment WHERE id = NEW.attachment_id AND subject = NEW.case_id) THEN
        RAISE EXCEPTION 'this paper belongs to another case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_custody_is_next BEFORE INSERT ON evidence_custody
    FOR EACH ROW EXECUTE FUNCTION evidence_custody_is_next();
CREATE FUNCTION evidence_custody_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry WHERE source = 'evidence.custody' AND source_id = NEW.id
                   AND subject = NEW.attachment_id AND seq = NEW.seq AND txid = txid_current()) THEN
        RAISE EXCEPTION 'custody without its ledger entry in the same transaction' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER evidence_custody_is_sealed AFTER INSERT ON evidence_custody
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evidence_custody_is_sealed();
"""

GUARDS = ITEMS + WHOLE + BESIDE + CUSTODY + "".join(map(history_triggers, FINAL))

UNGUARD = (
    "".join(f"DROP TRIGGER {table}_is_whole ON {table}; DROP TRIGGER {table}_is_final ON {table};" for table in FINAL)
    + """
DROP TRIGGER evidence_custody_is_sealed ON evidence_custody;
DROP TRIGGER evidence_custody_is_next ON evidence_custody;
DROP TRIGGER evidence_version_is_next ON evidence_description;
DROP TRIGGER evidence_supersession_is_of_the_case ON evidence_supersession;
DROP TRIGGER evidence_description_is_of_the_case ON evidence_description;
DROP TRIGGER evidence_list_is_dense ON evidence_item;
DROP TRIGGER evidence_item_is_whole ON evidence_item;
DROP TRIGGER evidence_item_is_bound ON evidence_item;
DROP FUNCTION evidence_custody_is_sealed(), evidence_custody_is_next(), evidence_version_is_next(), evidence_row_is_of_the_case(),
    evidence_list_is_dense(), evidence_item_is_bound();
"""
)
