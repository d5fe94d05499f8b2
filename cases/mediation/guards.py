"""What the database refuses about mediations, whoever asks: a stale or second answer, terms that do not add up, an agreement without
signatures, an invitation without consent, a link that changes."""

from cases.guards import history_triggers
from cases.mediation.states import State

_STATES = ", ".join(f"'{state}'" for state in State.values)

CASES = f"""
CREATE SEQUENCE cases_number_mediation;
ALTER TABLE cases_case ADD CONSTRAINT case_mediation_state CHECK (kind <> 'mediation' OR state IN ({_STATES}));

CREATE FUNCTION mediation_case_is_mediation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'mediations are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.form, NEW.origin_id, NEW.body) IS DISTINCT FROM (OLD.form, OLD.origin_id, OLD.body) THEN
        RAISE EXCEPTION 'form, body and origin of a mediation never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.form = 'external') <> (NEW.body <> '') THEN
        RAISE EXCEPTION 'an outside body mediates, or none' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_ptr_id AND kind = 'mediation') THEN
        RAISE EXCEPTION 'a mediation row belongs to a case of kind mediation' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.form <> 'external' AND (NEW.confirmation <> '' OR NEW.stopped_count) THEN
        RAISE EXCEPTION 'a negotiation stops no count and goes to no court for confirmation' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_case_is_mediation BEFORE INSERT OR UPDATE OR DELETE ON mediation_mediation
    FOR EACH ROW EXECUTE FUNCTION mediation_case_is_mediation();
"""  # noqa: S608 - states of our own enum

# Judged at commit, on the row as it is then.
STATES_ARE_WHOLE = """
CREATE FUNCTION mediation_states_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    m mediation_mediation;
    latest uuid;
BEGIN
    IF NEW.kind <> 'mediation' OR NOT EXISTS (
        SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = NEW.state
    ) THEN  -- not ours, or moved on within this transaction
        RETURN NULL;
    END IF;
    SELECT * INTO m FROM mediation_mediation WHERE case_ptr_id = NEW.id;
    IF NOT EXISTS (SELECT 1 FROM cases_link WHERE case_id = m.origin_id AND other_id = NEW.id AND kind = 'escalated_to') THEN
        RAISE EXCEPTION 'mediation % is not linked to what it came from', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state NOT IN ('proposed', 'refused', 'withdrawn') AND m.consented_at IS NULL THEN
        RAISE EXCEPTION 'mediation % goes on without consent', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('negotiating', 'agreed', 'performing', 'performed', 'breached')
       AND (m.merchant_agreed_at IS NULL OR (m.form = 'external' AND m.body_reference = '')) THEN
        RAISE EXCEPTION 'mediation % has nobody who takes part', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('agreed', 'performing', 'performed', 'breached') THEN
        SELECT a.id INTO latest FROM mediation_agreement a JOIN mediation_offer o ON o.id = a.offer_id AND o.answer = 'accepted'
            WHERE a.case_id = NEW.id ORDER BY a.version DESC LIMIT 1;
        IF (SELECT count(*) FROM mediation_signature WHERE agreement_id = latest AND side IN ('consumer', 'merchant')) < 2
           OR (m.form = 'external' AND NOT EXISTS (SELECT 1 FROM mediation_signature WHERE agreement_id = latest AND side = 'body')) THEN
            RAISE EXCEPTION 'mediation % has no agreement signed by all', NEW.number USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state = 'performed' AND EXISTS (
            SELECT 1 FROM mediation_agreement a JOIN mediation_term t ON t.offer_id = a.offer_id WHERE a.id = latest AND t.confirmed_at IS NULL
        ) THEN
            RAISE EXCEPTION 'mediation % has a promise that nobody confirmed', NEW.number USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER mediation_states_are_whole AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mediation_states_are_whole();
"""

OFFERS = """
CREATE FUNCTION mediation_offer_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'offers are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.answer <> '' OR NEW.seq <> (SELECT count(*) + 1 FROM mediation_offer WHERE case_id = NEW.case_id) THEN
            RAISE EXCEPTION 'an offer begins open and next in turn' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.answer <> '' THEN
        RAISE EXCEPTION 'an offer is answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.case_id, NEW.seq, NEW.side, NEW.refund_cny, NEW.term_count, NEW.words, NEW.evidence, NEW.made_by_kind, NEW.made_at, NEW.expires_at)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.seq, OLD.side, OLD.refund_cny, OLD.term_count, OLD.words, OLD.evidence, OLD.made_by_kind,
        OLD.made_at, OLD.expires_at) THEN
        RAISE EXCEPTION 'what was offered never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.answer = 'accepted' AND EXISTS (SELECT 1 FROM mediation_offer WHERE case_id = NEW.case_id AND seq > NEW.seq) THEN
        RAISE EXCEPTION 'only the newest offer is accepted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_offer_is_bound BEFORE INSERT OR UPDATE OR DELETE ON mediation_offer
    FOR EACH ROW EXECUTE FUNCTION mediation_offer_is_bound();
CREATE TRIGGER mediation_offer_is_whole BEFORE TRUNCATE ON mediation_offer
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_offer_is_bound();

CREATE FUNCTION mediation_terms_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    o mediation_offer;
BEGIN
    IF TG_TABLE_NAME = 'mediation_offer' THEN
        o := NEW;
    ELSE
        SELECT * INTO o FROM mediation_offer WHERE id = NEW.offer_id;
    END IF;
    IF EXISTS (
        SELECT 1 FROM mediation_term WHERE offer_id = o.id
        HAVING count(*) <> o.term_count OR max(seq) IS DISTINCT FROM o.term_count
            OR coalesce(sum(amount_cny) FILTER (WHERE what = 'refund'), 0) <> o.refund_cny OR bool_or(case_id <> o.case_id)
    ) THEN
        RAISE EXCEPTION 'the terms of an offer do not add up' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER mediation_terms_add_up AFTER INSERT ON mediation_offer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mediation_terms_add_up();
CREATE CONSTRAINT TRIGGER mediation_terms_add_up AFTER INSERT ON mediation_term
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mediation_terms_add_up();

CREATE FUNCTION mediation_term_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'terms are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.offer_id, NEW.case_id, NEW.seq, NEW.what, NEW.amount_cny, NEW.due_on)
        IS DISTINCT FROM (OLD.id, OLD.offer_id, OLD.case_id, OLD.seq, OLD.what, OLD.amount_cny, OLD.due_on)
       OR (OLD.reported_at IS NOT NULL AND (NEW.reported_at, NEW.report) IS DISTINCT FROM (OLD.reported_at, OLD.report))
       OR OLD.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a promise never changes; it is reported once and confirmed once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM mediation_offer o JOIN cases_case c ON c.id = o.case_id
                   WHERE o.id = NEW.offer_id AND o.answer = 'accepted' AND c.state IN ('performing', 'performed')) THEN
        RAISE EXCEPTION 'only what was agreed is performed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_term_is_bound BEFORE UPDATE OR DELETE ON mediation_term
    FOR EACH ROW EXECUTE FUNCTION mediation_term_is_bound();
CREATE TRIGGER mediation_term_is_whole BEFORE TRUNCATE ON mediation_term
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_term_is_bound();
"""

SIGNATURES = """
CREATE FUNCTION mediation_signature_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM mediation_agreement a WHERE a.id = NEW.agreement_id AND a.case_id = NEW.case_id AND a.sha256 = NEW.sha256
                   AND a.version = (SELECT max(version) FROM mediation_agreement WHERE case_id = a.case_id)) THEN
        RAISE EXCEPTION 'a signature is for the latest version, as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_signature_fits BEFORE INSERT ON mediation_signature
    FOR EACH ROW EXECUTE FUNCTION mediation_signature_fits();

CREATE FUNCTION mediation_agreement_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM mediation_offer WHERE id = NEW.offer_id AND case_id = NEW.case_id AND answer = 'accepted')
       OR EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_id AND state <> 'negotiating') THEN
        RAISE EXCEPTION 'an agreement is on the accepted offer, before it binds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_agreement_fits BEFORE INSERT ON mediation_agreement
    FOR EACH ROW EXECUTE FUNCTION mediation_agreement_fits();
"""

FACTS = """
CREATE FUNCTION mediation_fact_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.answer <> ''
       OR (NEW.id, NEW.case_id, NEW.seq, NEW.statement) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.seq, OLD.statement) THEN
        RAISE EXCEPTION 'a fact is asked once and answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_fact_is_bound BEFORE UPDATE OR DELETE ON mediation_fact
    FOR EACH ROW EXECUTE FUNCTION mediation_fact_is_bound();
CREATE TRIGGER mediation_fact_is_whole BEFORE TRUNCATE ON mediation_fact
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_fact_is_bound();

CREATE FUNCTION mediation_allegation_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.invited_at IS NOT NULL AND NEW.allegation IS DISTINCT FROM OLD.allegation THEN
        RAISE EXCEPTION 'what the merchant was told never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_allegation_stays BEFORE UPDATE ON mediation_mediation
    FOR EACH ROW EXECUTE FUNCTION mediation_allegation_stays();
"""

LINKS = """
CREATE FUNCTION mediation_link_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.revoked_at IS NOT NULL
       OR (NEW.id, NEW.case_id, NEW.token_index, NEW.phone, NEW.phone_index, NEW.phone_mask, NEW.issued_by_id, NEW.issued_at, NEW.expires_at)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.token_index, OLD.phone, OLD.phone_index, OLD.phone_mask, OLD.issued_by_id, OLD.issued_at, OLD.expires_at)
       OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at)
       OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at) THEN
        RAISE EXCEPTION 'a link is sent, confirmed and revoked once, and otherwise stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mediation_link_is_bound BEFORE UPDATE OR DELETE ON mediation_merchantlink
    FOR EACH ROW EXECUTE FUNCTION mediation_link_is_bound();
CREATE TRIGGER mediation_link_is_whole BEFORE TRUNCATE ON mediation_merchantlink
    FOR EACH STATEMENT EXECUTE FUNCTION mediation_link_is_bound();
"""

GUARDS = "\n".join(
    [
        CASES,
        STATES_ARE_WHOLE,
        OFFERS,
        SIGNATURES,
        LINKS,
        *(history_triggers(table) for table in ("mediation_agreement", "mediation_signature")),
    ]
)
