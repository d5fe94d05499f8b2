"""What the database itself refuses about bundles, whoever asks. Run by migrations.

What went into a bundle, what came of it and who let it out are never changed; it leaves the house by a second person, one vote
for one bundle.
"""

from cases.guards import history_triggers

FINAL = ("bundles_bundle", "bundles_binding", "bundles_release", "bundles_halt")

RELEASED = """
CREATE FUNCTION bundles_release_was_voted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM bundles_binding WHERE bundle_id = NEW.bundle_id AND case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'only a finished bundle of the case is released' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_approval WHERE id = NEW.approval_id AND case_id = NEW.case_id AND verb LIKE '%.release_bundle' AND verdict = 'approved'
                   AND maker_person = NEW.asked_by_person AND voter_person = NEW.released_by_person) THEN
        RAISE EXCEPTION 'a bundle leaves by the vote of a second person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bundles_release_was_voted BEFORE INSERT ON bundles_release FOR EACH ROW EXECUTE FUNCTION bundles_release_was_voted();
"""

GUARDS = "".join([*(history_triggers(table) for table in FINAL), RELEASED])
UNGUARD = (
    "DROP TRIGGER bundles_release_was_voted ON bundles_release; DROP FUNCTION bundles_release_was_voted();"
    + "".join(f"DROP TRIGGER {table}_is_final ON {table}; DROP TRIGGER {table}_is_whole ON {table};" for table in FINAL)
)
