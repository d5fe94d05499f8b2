"""What the database itself refuses about recordings, whoever asks. Run by migrations."""

FINAL = (
    "lending_contract",
    "lending_recordingevent",
    "lending_recordingconsent",
    "lending_recordingmark",
    "lending_recordingcheck",
    "lending_recordingverdict",
    "lending_recordinglook",
    "lending_destructionvote",
    "lending_permission",
)

FINAL_ROWS = "".join(
    f"""
CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER {table}_is_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION lending_records_are_final();
"""
    for table in FINAL
)

GUARDS = """
CREATE FUNCTION lending_recordingevent_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.txid := txid_current();
    RETURN NEW;
END $$;
CREATE TRIGGER lending_recordingevent_stamp BEFORE INSERT ON lending_recordingevent
    FOR EACH ROW EXECUTE FUNCTION lending_recordingevent_stamp();

CREATE FUNCTION lending_recording_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'recordings are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.contract_id, NEW.script_id, NEW.unit_id, NEW.way, NEW.said, NEW.policy_version, NEW.scheduled_at, NEW.replaces_id)
        IS DISTINCT FROM
       (OLD.id, OLD.contract_id, OLD.script_id, OLD.unit_id, OLD.way, OLD.said, OLD.policy_version, OLD.scheduled_at, OLD.replaces_id)
        OR (OLD.judged_at IS NOT NULL AND (NEW.judged_at, NEW.failures, NEW.flags) IS DISTINCT FROM (OLD.judged_at, OLD.failures, OLD.flags))
    THEN
        RAISE EXCEPTION 'what was to be read, and what was judged, stays: recording %', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_recording_identity BEFORE UPDATE OR DELETE ON lending_recording
    FOR EACH ROW EXECUTE FUNCTION lending_recording_identity();

CREATE FUNCTION lending_recording_needs_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    came_from text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state ELSE '' END;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM lending_recordingevent e JOIN ledger_entry l ON l.source = 'lending.recording' AND l.source_id = e.id
        WHERE e.recording_id = NEW.id AND e.seq = NEW.version AND e.after_state = NEW.state AND e.before_state = came_from
          AND e.txid = txid_current() AND l.txid = txid_current() AND l.subject = NEW.id AND l.seq = NEW.version
    ) THEN
        RAISE EXCEPTION 'recording %: state % without its event and ledger entry in the same transaction', NEW.id, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lending_recording_begins_with_event AFTER INSERT ON lending_recording
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_recording_needs_event();
CREATE CONSTRAINT TRIGGER lending_recording_moves_with_event AFTER UPDATE ON lending_recording
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.version IS DISTINCT FROM NEW.version)
    EXECUTE FUNCTION lending_recording_needs_event();

CREATE FUNCTION lending_recording_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('recording', 'checking', 'passed') AND NOT EXISTS (
        SELECT 1 FROM lending_recordingconsent c WHERE c.recording_id = NEW.id AND c.choice <> 'declined') THEN
        RAISE EXCEPTION 'recording % without consent', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'passed' AND (
        NOT EXISTS (SELECT 1 FROM lending_recordingcheck c WHERE c.recording_id = NEW.id AND c.failures = '{}')
        OR NOT EXISTS (SELECT 1 FROM lending_recordingpart p WHERE p.recording_id = NEW.id AND p.state = 'done')
        OR (NEW.flags <> '{}' AND NOT EXISTS (
            SELECT 1 FROM lending_recordingverdict v WHERE v.recording_id = NEW.id AND v.is_passed AND v.cleared @> NEW.flags))) THEN
        RAISE EXCEPTION 'recording % passed without checks, or with a point nobody answered', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'destroyed' AND (
        (SELECT count(DISTINCT voter_person) FROM lending_destructionvote v WHERE v.recording_id = NEW.id) < 2
        OR NOT EXISTS (SELECT 1 FROM lending_destructioncertificate c WHERE c.recording_id = NEW.id)
        OR EXISTS (SELECT 1 FROM lending_recordinghold h WHERE h.recording_id = NEW.id AND h.lifted_at IS NULL)
        OR NOT EXISTS (SELECT 1 FROM privacy_datakey k WHERE k.scope = NEW.id AND k.destroyed_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'recording % is destroyed by two people, with its certificate, and never under a hold', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lending_recording_is_whole AFTER INSERT OR UPDATE ON lending_recording
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_recording_is_whole();

CREATE FUNCTION lending_recording_key_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.destroyed_at IS NOT NULL AND OLD.destroyed_at IS NULL
        AND EXISTS (SELECT 1 FROM lending_recording r WHERE r.id = NEW.scope AND r.state <> 'destroyed') THEN
        RAISE EXCEPTION 'the key of recording % goes with its certificate only', NEW.scope USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lending_recording_key_stays AFTER UPDATE ON privacy_datakey
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_recording_key_stays();

CREATE FUNCTION lending_recordingverdict_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM lending_recordingevent e WHERE e.recording_id = NEW.recording_id
        AND e.verb IN ('recordings.schedule', 'recordings.begin', 'recordings.finish') AND e.actor_person = NEW.decided_person) THEN
        RAISE EXCEPTION 'whoever recorded % does not judge it', NEW.recording_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM lending_recordinglook l WHERE l.recording_id = NEW.recording_id AND l.actor_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'recording % is judged by who has watched it', NEW.recording_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_recordingverdict_fits BEFORE INSERT ON lending_recordingverdict
    FOR EACH ROW EXECUTE FUNCTION lending_recordingverdict_fits();

CREATE FUNCTION lending_recordingpart_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.recording_id, NEW.number, NEW.origin, NEW.size, NEW.sha256, NEW.began_at)
        IS DISTINCT FROM (OLD.id, OLD.recording_id, OLD.number, OLD.origin, OLD.size, OLD.sha256, OLD.began_at)
        OR (OLD.file_sha256 IS NOT NULL AND (NEW.file_sha256, NEW.file_sm3, NEW.received, NEW.state)
            IS DISTINCT FROM (OLD.file_sha256, OLD.file_sm3, OLD.received, OLD.state))
        OR (OLD.file_id IS NOT NULL AND NEW.file_id IS NOT NULL AND NEW.file_id <> OLD.file_id) THEN
        RAISE EXCEPTION 'a part of a recording stays as it was captured: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_recordingpart_goes_forward BEFORE UPDATE OR DELETE ON lending_recordingpart
    FOR EACH ROW EXECUTE FUNCTION lending_recordingpart_goes_forward();

CREATE FUNCTION lending_recordingpart_needs_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM lending_recording r WHERE r.id = NEW.recording_id AND r.state = 'recording') THEN
        RAISE EXCEPTION 'nothing is recorded before consent, nor after the end' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_recordingpart_needs_consent BEFORE INSERT ON lending_recordingpart
    FOR EACH ROW EXECUTE FUNCTION lending_recordingpart_needs_consent();

CREATE FUNCTION lending_script_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL
        OR (NEW.id, NEW.code, NEW.sentences, NEW.consent_text, NEW.alternative_text, NEW.text_sha256, NEW.drafted_by, NEW.drafted_person)
        IS DISTINCT FROM
           (OLD.id, OLD.code, OLD.sentences, OLD.consent_text, OLD.alternative_text, OLD.text_sha256, OLD.drafted_by, OLD.drafted_person)
    THEN
        RAISE EXCEPTION 'a script is approved as it was drafted, and stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_script_is_bound BEFORE UPDATE OR DELETE ON lending_script
    FOR EACH ROW EXECUTE FUNCTION lending_script_is_bound();

CREATE FUNCTION lending_recordinghold_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.lifted_at IS NOT NULL OR NEW.lifted_by = OLD.placed_by
        OR (NEW.id, NEW.recording_id, NEW.reason, NEW.placed_by, NEW.placed_at)
            IS DISTINCT FROM (OLD.id, OLD.recording_id, OLD.reason, OLD.placed_by, OLD.placed_at) THEN
        RAISE EXCEPTION 'a hold is lifted once, by another person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_recordinghold_is_bound BEFORE UPDATE OR DELETE ON lending_recordinghold
    FOR EACH ROW EXECUTE FUNCTION lending_recordinghold_is_bound();

CREATE TRIGGER lending_destructioncertificate_stays BEFORE DELETE ON lending_destructioncertificate
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_destructioncertificate_is_verified_once BEFORE UPDATE ON lending_destructioncertificate
    FOR EACH ROW EXECUTE FUNCTION lending_settled_once('verified_at');

CREATE FUNCTION lending_permission_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest uuid;
BEGIN
    SELECT id INTO newest FROM lending_contract WHERE application = (SELECT application FROM lending_contract WHERE id = NEW.contract_id)
        ORDER BY version DESC LIMIT 1;
    IF newest <> NEW.contract_id THEN
        RAISE EXCEPTION 'permission for a contract that was changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.basis = 'recorded' AND NOT EXISTS (
        SELECT 1 FROM lending_recording r WHERE r.id = NEW.recording_id AND r.contract_id = NEW.contract_id
            AND r.judged_at IS NOT NULL AND r.failures = '{}' AND r.state IN ('passed', 'archived')) THEN
        RAISE EXCEPTION 'no passed recording, no permission' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_permission_fits BEFORE INSERT ON lending_permission
    FOR EACH ROW EXECUTE FUNCTION lending_permission_fits();
"""
