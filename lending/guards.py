"""What the database itself refuses about lending, whoever asks. Run by migrations."""

CONTACTS = """
CREATE OR REPLACE FUNCTION lending_contacts_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'calls stay as they were recorded: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER lending_contact_is_final BEFORE UPDATE OR DELETE ON lending_contact
    FOR EACH ROW EXECUTE FUNCTION lending_contacts_are_final();
CREATE TRIGGER lending_contact_is_whole BEFORE TRUNCATE ON lending_contact
    FOR EACH STATEMENT EXECUTE FUNCTION lending_contacts_are_final();
"""

LOANS = """
CREATE FUNCTION lending_records_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of a loan stays as it was told: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION lending_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    settled text := TG_ARGV[0];  -- the one column that may move, once, away from the value TG_ARGV[1] (null where not given)
    was jsonb := to_jsonb(OLD);
    is_now jsonb := to_jsonb(NEW);
BEGIN
    IF (was ->> settled) IS NOT DISTINCT FROM TG_ARGV[1] AND (is_now ->> settled) IS DISTINCT FROM TG_ARGV[1]
        AND is_now - settled = was - settled THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the record of a loan stays as it was told: change of % refused', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER lending_terms_are_final BEFORE UPDATE OR DELETE ON lending_terms
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_loandocument_is_final BEFORE UPDATE OR DELETE ON lending_loandocument
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_instalment_is_final BEFORE UPDATE OR DELETE ON lending_instalment
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_disbursement_is_final BEFORE UPDATE OR DELETE ON lending_disbursement
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_repaymentpart_is_final BEFORE UPDATE OR DELETE ON lending_repaymentpart
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_repayment_stays BEFORE DELETE ON lending_repayment
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_fee_stays BEFORE DELETE ON lending_fee
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
CREATE TRIGGER lending_repayment_settles_once BEFORE UPDATE ON lending_repayment
    FOR EACH ROW EXECUTE FUNCTION lending_settled_once('status', 'under_way');
CREATE TRIGGER lending_fee_settles_once BEFORE UPDATE ON lending_fee
    FOR EACH ROW EXECUTE FUNCTION lending_settled_once('paid_at');

CREATE FUNCTION lending_told_loan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ((NEW.number, NEW.funder_id, NEW.principal_cny, NEW.term_months, NEW.disbursed_at)
            IS DISTINCT FROM (OLD.number, OLD.funder_id, OLD.principal_cny, OLD.term_months, OLD.disbursed_at)
        OR NEW.signed_at <> OLD.signed_at OR NEW.terms_id <> OLD.terms_id
        OR (NEW.signed_at IS NULL AND OLD.signed_at IS NOT NULL) OR (NEW.terms_id IS NULL AND OLD.terms_id IS NOT NULL))
        AND EXISTS (SELECT 1 FROM lending_loandocument WHERE loan_id = OLD.id) THEN
        RAISE EXCEPTION 'loan % stays as the core system told it', OLD.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_told_loan_stays BEFORE UPDATE ON lending_loan
    FOR EACH ROW EXECUTE FUNCTION lending_told_loan_stays();

CREATE FUNCTION lending_loan_ties(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    principal bigint;
    odd text;
BEGIN
    SELECT (principal_cny * 100)::bigint INTO principal FROM lending_loan WHERE id = wanted;
    SELECT 'schedule' INTO odd FROM lending_instalment WHERE loan_id = wanted
        HAVING count(*) > 0 AND (sum(principal_cents) <> principal OR max(number) <> count(*));
    IF odd IS NULL THEN
        SELECT 'disbursements' INTO odd FROM lending_disbursement WHERE loan_id = wanted AND status = 'credited'
            HAVING sum(amount_cents) > principal;
    END IF;
    IF odd IS NULL THEN
        SELECT 'fees' INTO odd FROM lending_fee WHERE loan_id = wanted AND cardinality(by_instalment) > 0
            AND ((SELECT sum(x) FROM unnest(by_instalment) x) <> amount_cents
                OR EXISTS (SELECT 1 FROM unnest(by_instalment) x WHERE x < 0)
                OR cardinality(by_instalment) <> (SELECT count(*) FROM lending_instalment WHERE loan_id = wanted)) LIMIT 1;
    END IF;
    IF odd IS NULL THEN
        SELECT 'fees of instalments' INTO odd FROM lending_instalment i WHERE i.loan_id = wanted AND i.fees_cents <> coalesce(
            (SELECT sum(f.by_instalment[i.number]) FROM lending_fee f WHERE f.loan_id = wanted AND f.payer = 'consumer'), 0) LIMIT 1;
    END IF;
    IF odd IS NOT NULL THEN
        RAISE EXCEPTION 'the % of loan % do not add up', odd, wanted USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION lending_rows_tie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lending_loan_ties(NEW.loan_id);
    RETURN NULL;
END $$;
CREATE FUNCTION lending_principal_ties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lending_loan_ties(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION lending_parts_tie() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted uuid := CASE TG_TABLE_NAME WHEN 'lending_repayment' THEN (to_jsonb(NEW) ->> 'id')::uuid
        ELSE (to_jsonb(NEW) ->> 'repayment_id')::uuid END;
BEGIN
    IF EXISTS (SELECT 1 FROM lending_repayment r WHERE r.id = wanted AND r.amount_cents <> coalesce(
        (SELECT sum(p.amount_cents) FROM lending_repaymentpart p WHERE p.repayment_id = wanted), 0)) THEN
        RAISE EXCEPTION 'the parts of repayment % do not add up', wanted USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER lending_instalment_ties AFTER INSERT ON lending_instalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_rows_tie();
CREATE CONSTRAINT TRIGGER lending_fee_ties AFTER INSERT ON lending_fee
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_rows_tie();
CREATE CONSTRAINT TRIGGER lending_disbursement_ties AFTER INSERT ON lending_disbursement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_rows_tie();
CREATE CONSTRAINT TRIGGER lending_loan_keeps_tying AFTER UPDATE OF principal_cny ON lending_loan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_principal_ties();
CREATE CONSTRAINT TRIGGER lending_repayment_ties AFTER INSERT ON lending_repayment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_parts_tie();
CREATE CONSTRAINT TRIGGER lending_repaymentpart_ties AFTER INSERT ON lending_repaymentpart
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_parts_tie();
"""

DISCLOSURES = """
CREATE TRIGGER lending_disclosure_is_final BEFORE UPDATE OR DELETE ON lending_disclosure
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
"""

ORDERS = """
CREATE FUNCTION lending_order_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state IN ('requested', 'sent') AND NEW.state <> 'requested' AND NEW.state <> OLD.state
        AND (OLD.external_id = '' OR NEW.external_id = OLD.external_id)
        AND (OLD.sent_at IS NULL OR NEW.sent_at = OLD.sent_at)
        AND to_jsonb(NEW) - '{state,external_id,sent_at,ended_at}'::text[]
            = to_jsonb(OLD) - '{state,external_id,sent_at,ended_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an order goes forward or stays: % of % refused', TG_OP, OLD.key
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER lending_order_goes_forward BEFORE UPDATE OR DELETE ON lending_order
    FOR EACH ROW EXECUTE FUNCTION lending_order_goes_forward();
"""

COST_OFFERS = """
CREATE FUNCTION lending_costoffer_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.disclosure_id IS NULL AND OLD.replaced_at IS NULL
        AND to_jsonb(NEW) - '{shown_at,replaced_at,disclosure_id}'::text[] = to_jsonb(OLD) - '{shown_at,replaced_at,disclosure_id}'::text[]
        AND (NEW.disclosure_id IS NULL OR EXISTS (
            SELECT 1 FROM lending_disclosure WHERE id = NEW.disclosure_id AND person_id = NEW.person_id AND application = NEW.application
        )) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an offered cost form is shown, and then confirmed or replaced: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER lending_costoffer_goes_forward BEFORE UPDATE OR DELETE ON lending_costoffer
    FOR EACH ROW EXECUTE FUNCTION lending_costoffer_goes_forward();
CREATE TRIGGER lending_disclosurepaper_is_final BEFORE UPDATE OR DELETE ON lending_disclosurepaper
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
"""

STATEMENTS = """
CREATE TRIGGER lending_statement_is_final BEFORE UPDATE OR DELETE ON lending_statement
    FOR EACH ROW EXECUTE FUNCTION lending_records_are_final();
"""
