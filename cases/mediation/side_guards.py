"""What the database refuses about what the sides hand in, consent to and sign: by a link that is not in force, without the other side, or by
somebody who may not."""

from cases.guards import history_triggers

EXHIBIT_FITS = """
CREATE FUNCTION mediation_exhibit_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM mediation_mediation m JOIN attachments_attachment a ON a.subject = m.origin_id
                   WHERE m.case_ptr_id = NEW.case_id AND a.id = NEW.attachment_id)
       OR NOT EXISTS (SELECT 1 FROM mediation_merchantlink WHERE id = NEW.link_id AND case_id = NEW.case_id
                      AND confirmed_at IS NOT NULL AND revoked_at IS NULL AND expires_at >= NEW.added_at)
       OR (NEW.fact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mediation_fact WHERE id = NEW.fact_id AND case_id = NEW.case_id)) THEN
        RAISE EXCEPTION 'a file comes by a link in force, about a fact of its case, and lies with the case it came from'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_exhibit_fits BEFORE INSERT ON mediation_exhibit
    FOR EACH ROW EXECUTE FUNCTION mediation_exhibit_fits();
"""
EXHIBITS = "\n".join([EXHIBIT_FITS, history_triggers("mediation_exhibit")])
DELEGATES = """
CREATE OR REPLACE FUNCTION mediation_link_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.delegated_by_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM mediation_merchantlink WHERE id = NEW.delegated_by_id AND case_id = NEW.case_id
                AND delegated_by_id IS NULL AND confirmed_at IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'a colleague is named by whoever holds the merchant''s own link' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' OR OLD.revoked_at IS NOT NULL
       OR (NEW.id, NEW.case_id, NEW.token_index, NEW.phone, NEW.phone_index, NEW.phone_mask, NEW.issued_by_id, NEW.issued_at, NEW.expires_at,
           NEW.delegated_by_id, NEW.number, NEW.holder, NEW.email, NEW.may_sign)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.token_index, OLD.phone, OLD.phone_index, OLD.phone_mask, OLD.issued_by_id, OLD.issued_at, OLD.expires_at,
           OLD.delegated_by_id, OLD.number, OLD.holder, OLD.email, OLD.may_sign)
       OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at)
       OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at) THEN
        RAISE EXCEPTION 'a link is sent, confirmed and revoked once, and otherwise stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_link_is_delegated BEFORE INSERT ON mediation_merchantlink
    FOR EACH ROW EXECUTE FUNCTION mediation_link_is_bound();

CREATE FUNCTION mediation_signature_may_be() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.side = 'merchant') <> (NEW.link_id IS NOT NULL) OR (NEW.link_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM mediation_merchantlink WHERE id = NEW.link_id AND case_id = NEW.case_id AND may_sign
            AND confirmed_at IS NOT NULL AND revoked_at IS NULL AND expires_at >= NEW.signed_at
    )) THEN
        RAISE EXCEPTION 'whoever signs for the merchant holds a link in force that may' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_signature_may_be BEFORE INSERT ON mediation_signature
    FOR EACH ROW EXECUTE FUNCTION mediation_signature_may_be();
"""
RELEASES = """
CREATE FUNCTION mediation_release_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.taken_back_at IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM mediation_offer WHERE id = NEW.offer_id AND case_id = NEW.case_id AND answer <> '')
           OR (NEW.link_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mediation_merchantlink WHERE id = NEW.link_id AND case_id = NEW.case_id
               AND confirmed_at IS NOT NULL AND revoked_at IS NULL AND expires_at >= NEW.said_at)) THEN
            RAISE EXCEPTION 'a side releases an answered offer of its case, the merchant by a link in force' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' OR OLD.taken_back_at IS NOT NULL OR NEW.taken_back_at IS NULL
       OR (NEW.id, NEW.case_id, NEW.offer_id, NEW.side, NEW.link_id, NEW.said_at)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.offer_id, OLD.side, OLD.link_id, OLD.said_at) THEN
        RAISE EXCEPTION 'a release is taken back once and otherwise stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM bundles_bundle WHERE beside @> ARRAY[NEW.offer_id]) THEN
        RAISE EXCEPTION 'a bundle was sealed with this offer' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_release_is_bound BEFORE INSERT OR UPDATE OR DELETE ON mediation_offerrelease
    FOR EACH ROW EXECUTE FUNCTION mediation_release_is_bound();
CREATE TRIGGER mediation_release_is_whole BEFORE TRUNCATE ON mediation_offerrelease
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_release_is_bound();

CREATE FUNCTION mediation_bundle_is_released() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one uuid;
    sides integer;
BEGIN
    FOREACH one IN ARRAY NEW.beside LOOP
        SELECT count(*) INTO sides FROM (
            SELECT r.id FROM mediation_offerrelease r JOIN mediation_mediation m ON m.case_ptr_id = r.case_id
            WHERE r.offer_id = one AND r.taken_back_at IS NULL AND m.origin_id = NEW.case_id FOR UPDATE OF r
        ) AS held;
        IF sides <> 2 THEN
            RAISE EXCEPTION 'an offer goes into a bundle with the consent of both sides' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_bundle_is_released BEFORE INSERT ON bundles_bundle
    FOR EACH ROW WHEN (NEW.beside <> '{}') EXECUTE FUNCTION mediation_bundle_is_released();
"""
LONGER_PERIODS = """
CREATE FUNCTION mediation_longer_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.outcome <> '' OR (NEW.id, NEW.case_id, NEW.until, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
       IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.until, OLD.reason, OLD.proposed_by_id, OLD.proposed_at) THEN
        RAISE EXCEPTION 'a longer period ends once and otherwise stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.outcome = 'agreed' AND (SELECT count(*) FROM mediation_periodanswer WHERE period_id = NEW.id AND says_yes) <> 2 THEN
        RAISE EXCEPTION 'a longer period needs the yes of both sides' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_longer_is_bound BEFORE UPDATE OR DELETE ON mediation_longerperiod
    FOR EACH ROW EXECUTE FUNCTION mediation_longer_is_bound();
CREATE TRIGGER mediation_longer_is_whole BEFORE TRUNCATE ON mediation_longerperiod
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_longer_is_bound();

CREATE FUNCTION mediation_period_answer_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM mediation_longerperiod WHERE id = NEW.period_id AND case_id = NEW.case_id AND outcome = '') THEN
        RAISE EXCEPTION 'a longer period is answered while it is open' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_period_answer_fits BEFORE INSERT ON mediation_periodanswer
    FOR EACH ROW EXECUTE FUNCTION mediation_period_answer_fits();

CREATE FUNCTION mediation_clock_is_consented() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM mediation_longerperiod WHERE case_id = NEW.case_id AND outcome = 'agreed'
                   AND until >= (NEW.due_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'a mediation is lengthened with the consent of both sides' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER mediation_clock_is_consented AFTER INSERT ON clocks_clock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.code = 'MED30_LONGER') EXECUTE FUNCTION mediation_clock_is_consented();
"""
LONGER = "\n".join([LONGER_PERIODS, history_triggers("mediation_periodanswer")])
