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
