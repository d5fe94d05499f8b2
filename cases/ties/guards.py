"""What the database does by itself: what tells how a case reads goes with the key of the case, whoever destroys it."""

FORGET = """
CREATE FUNCTION ties_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ties_signature WHERE case_id = NEW.scope;
    RETURN NULL;
END $$;
CREATE TRIGGER ties_forget AFTER UPDATE OF destroyed_at ON privacy_datakey
    FOR EACH ROW WHEN (NEW.destroyed_at IS NOT NULL) EXECUTE FUNCTION ties_forget();
"""

UNGUARD = """
DROP TRIGGER ties_forget ON privacy_datakey;
DROP FUNCTION ties_forget();
"""
