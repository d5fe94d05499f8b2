"""What the database itself refuses, whoever asks. Run by migrations."""

GUARDS = """
CREATE FUNCTION ledger_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_entry_is_final BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_final();
CREATE TRIGGER ledger_entry_is_whole BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_is_final();

CREATE FUNCTION ledger_entry_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.txid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_stamp BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_stamp();
"""

UNGUARD = """
DROP TRIGGER ledger_entry_stamp ON ledger_entry;
DROP FUNCTION ledger_entry_stamp();
DROP TRIGGER ledger_entry_is_whole ON ledger_entry;
DROP TRIGGER ledger_entry_is_final ON ledger_entry;
DROP FUNCTION ledger_entry_is_final();
"""

_SEALED_TABLES = ("ledger_leaf", "ledger_subtree", "ledger_head", "ledger_keeping", "ledger_stamp")
TREE_IS_FINAL = "".join(
    f"""
CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_final();
CREATE TRIGGER {table}_is_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_is_final();
"""
    for table in _SEALED_TABLES
)

# Statement by statement, because a batch of ten thousand leaves is one COPY.
TREE_GUARDS = """
CREATE FUNCTION ledger_entry_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_unsealed (entry) SELECT id FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_waits();
INSERT INTO ledger_unsealed (entry) SELECT id FROM ledger_entry;

CREATE FUNCTION ledger_leaf_is_dense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    many bigint; lowest bigint; highest bigint; known bigint;
BEGIN
    SELECT count(*), min(position), max(position) INTO many, lowest, highest FROM fresh;
    IF many = 0 THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO known FROM fresh JOIN ledger_entry e ON e.id = fresh.entry;
    IF highest - lowest + 1 <> many OR lowest < 0 OR known <> many
        OR (lowest > 0 AND NOT EXISTS (SELECT 1 FROM ledger_leaf WHERE position = lowest - 1)) THEN
        RAISE EXCEPTION 'leaves count without gaps and each has its entry' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_leaf_is_dense AFTER INSERT ON ledger_leaf REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_leaf_is_dense();

CREATE FUNCTION ledger_head_covers_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size <> (SELECT coalesce(max(position) + 1, 0) FROM ledger_leaf) OR octet_length(NEW.root) <> 32
        OR octet_length(NEW.signature) <> 64 THEN
        RAISE EXCEPTION 'a head covers every leaf there is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_head_covers_all BEFORE INSERT ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_head_covers_all();

CREATE FUNCTION ledger_leaf_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_head WHERE size > NEW.position) THEN
        RAISE EXCEPTION 'leaf % is under no signed head', NEW.position USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_leaf_is_signed AFTER INSERT ON ledger_leaf DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_leaf_is_signed();
"""
