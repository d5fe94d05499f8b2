"""What the database refuses about returns, whoever asks: a second return of a loan, money without the vote of a second person, a leg
that goes back, a journal that does not close, an end before every leg is confirmed."""

from cases.guards import history_triggers
from refunds.states import State

_STATES = ", ".join(f"'{state}'" for state in State.values)
_PAID = "'reversing', 'stuck', 'correcting', 'completed'"

CASES = f"""
CREATE SEQUENCE cases_number_refund;
ALTER TABLE cases_case ADD CONSTRAINT case_refund_state CHECK (kind <> 'refund' OR state IN ({_STATES}));
CREATE UNIQUE INDEX refund_one_per_loan ON cases_case (loan_id) WHERE kind = 'refund' AND state <> 'refused';

CREATE FUNCTION refunds_case_is_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'returns are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_ptr_id AND kind = 'refund' AND loan_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a return belongs to a case of kind refund about a loan' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.basis <> '' AND (NEW.basis, NEW.to_consumer_cents, NEW.served_bp, NEW.reversed_at)
        IS DISTINCT FROM (OLD.basis, OLD.to_consumer_cents, OLD.served_bp, OLD.reversed_at) THEN
        RAISE EXCEPTION 'what goes back never changes once it was decided' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refunds_case_is_refund BEFORE INSERT OR UPDATE OR DELETE ON refunds_refund
    FOR EACH ROW EXECUTE FUNCTION refunds_case_is_refund();

CREATE FUNCTION refunds_loan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'refund' AND (NEW.loan_id, NEW.consumer_id) IS DISTINCT FROM (OLD.loan_id, OLD.consumer_id) THEN
        RAISE EXCEPTION 'loan and consumer of a return never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refunds_loan_stays BEFORE UPDATE OF loan_id, consumer_id ON cases_case
    FOR EACH ROW EXECUTE FUNCTION refunds_loan_stays();
"""  # noqa: S608 - states of our own enum

# Judged at commit, on the row as it is then.
STATES_ARE_WHOLE = f"""
CREATE FUNCTION refunds_states_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    r refunds_refund;
    s refunds_screening;
BEGIN
    IF NEW.kind <> 'refund' OR NOT EXISTS (
        SELECT 1 FROM cases_case WHERE id = NEW.id AND version = NEW.version AND state = NEW.state
    ) THEN  -- not ours, or moved on within this transaction
        RETURN NULL;
    END IF;
    SELECT * INTO r FROM refunds_refund WHERE case_ptr_id = NEW.id;
    SELECT * INTO s FROM refunds_screening WHERE case_id = NEW.id ORDER BY seq DESC LIMIT 1;
    IF NOT EXISTS (SELECT 1 FROM lending_loan WHERE id = NEW.loan_id AND person_id = NEW.consumer_id) THEN
        RAISE EXCEPTION 'return % is not about a loan of its consumer', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM refunds_leg WHERE case_id = NEW.id AND kind = 'suppress') THEN
        RAISE EXCEPTION 'return % stops no collection', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state NOT IN ('requested', 'screening', 'held') AND s.id IS NULL AND NOT EXISTS (
        SELECT 1 FROM cases_approval WHERE case_id = NEW.id AND verb = 'refunds.approve' AND verdict = 'approved'
    ) THEN
        RAISE EXCEPTION 'return % was never screened', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'refused' AND (r.refusal_code = '' OR r.refused_at IS NULL) THEN
        RAISE EXCEPTION 'return % is refused without a code', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.state = 'goodwill' OR r.released) AND NOT EXISTS (
        SELECT 1 FROM cases_approval a WHERE a.case_id = NEW.id AND a.verb = 'refunds.approve' AND a.verdict = 'approved'
            AND a.voter_person <> a.maker_person
    ) THEN
        RAISE EXCEPTION 'return % is released without a second person', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ({_PAID}) THEN
        IF r.basis = '' OR NOT EXISTS (SELECT 1 FROM refunds_leg WHERE case_id = NEW.id AND kind = 'loan_end') THEN
            RAISE EXCEPTION 'return % pays without legs', NEW.number USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT r.released AND NOT (s.is_automatic AND s.outcome = 'eligible') THEN
            RAISE EXCEPTION 'return % pays although people have to decide', NEW.number USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.state IN ('correcting', 'completed') AND EXISTS (
        SELECT 1 FROM refunds_leg WHERE case_id = NEW.id AND kind NOT IN ('suppress', 'release', 'credit') AND state NOT IN ('confirmed', 'void')
    ) THEN
        RAISE EXCEPTION 'return % goes on before every leg is confirmed', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'completed' AND NOT EXISTS (
        SELECT 1 FROM refunds_leg WHERE case_id = NEW.id AND kind = 'credit' AND state = 'confirmed'
    ) THEN
        RAISE EXCEPTION 'return % ends before the credit record is corrected', NEW.number USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refunds_states_are_whole AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refunds_states_are_whole();
"""  # noqa: S608 - states of our own enum

LEGS = """
CREATE FUNCTION refunds_leg_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    o lending_order;
    loan uuid;
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'legs are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.case_id, NEW.seq, NEW.key, NEW.kind, NEW.payer, NEW.receiver, NEW.cents, NEW.unit, NEW.ref, NEW.by_hand, NEW.created_at)
            IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.seq, OLD.key, OLD.kind, OLD.payer, OLD.receiver, OLD.cents, OLD.unit, OLD.ref,
            OLD.by_hand, OLD.created_at) THEN
            RAISE EXCEPTION 'what a leg pays to whom never changes' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN (
            'waiting>requested', 'waiting>confirmed', 'waiting>void', 'requested>sent', 'requested>unknown', 'requested>confirmed',
            'requested>failed', 'sent>unknown', 'sent>confirmed', 'sent>failed', 'unknown>sent', 'unknown>confirmed', 'unknown>failed',
            'failed>requested'
        ) THEN
            RAISE EXCEPTION 'a leg goes forward: % to % refused', OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.order_id IS DISTINCT FROM OLD.order_id AND OLD.order_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM lending_order WHERE id = OLD.order_id AND state = 'failed') THEN
            RAISE EXCEPTION 'a leg is ordered again only when its order has failed for good' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.order_id IS NOT NULL THEN
        SELECT * INTO o FROM lending_order WHERE id = NEW.order_id;
        SELECT loan_id INTO loan FROM cases_case WHERE id = NEW.case_id;
        IF o.loan_id <> loan OR coalesce(o.amount_cents, 0) <> NEW.cents OR o."to" NOT IN (NEW.ref, 'verified_account') THEN
            RAISE EXCEPTION 'the order of a leg is about something else' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF o."to" = 'verified_account' AND NOT EXISTS (
            SELECT 1 FROM cases_approval WHERE case_id = NEW.case_id AND verb = 'refunds.approve_account' AND verdict = 'approved'
        ) THEN
            RAISE EXCEPTION 'another account needs a second person' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state IN ('confirmed', 'failed') AND o.state <> NEW.state THEN
            RAISE EXCEPTION 'a leg ends as its order did' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refunds_leg_goes_forward BEFORE INSERT OR UPDATE OR DELETE ON refunds_leg
    FOR EACH ROW EXECUTE FUNCTION refunds_leg_goes_forward();
CREATE TRIGGER refunds_leg_is_whole BEFORE TRUNCATE ON refunds_leg
    FOR EACH STATEMENT EXECUTE FUNCTION refunds_leg_goes_forward();
"""

JOURNAL = """
CREATE FUNCTION refunds_books_close(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    odd text;
BEGIN
    SELECT 'entry ' || entry INTO odd FROM refunds_journalline WHERE case_id = wanted
        GROUP BY entry HAVING count(*) <> 2 OR sum(cents) <> 0 OR count(DISTINCT unit) <> 1 OR count(DISTINCT phase) <> 1 LIMIT 1;
    IF odd IS NULL AND NOT EXISTS (SELECT 1 FROM refunds_refund WHERE case_ptr_id = wanted AND basis = 'partly') THEN
        SELECT 'account of the ' || party INTO odd FROM refunds_journalline WHERE case_id = wanted
            GROUP BY party, unit HAVING sum(cents) <> 0 LIMIT 1;
    END IF;
    IF odd IS NULL THEN
        SELECT 'legs of the ' || party INTO odd FROM (
            SELECT party, unit, sum(cents) AS cents FROM refunds_journalline WHERE case_id = wanted AND phase = 'leg' GROUP BY party, unit
            UNION ALL SELECT receiver, unit, -cents FROM refunds_leg WHERE case_id = wanted AND state <> 'void' AND kind NOT IN ('suppress', 'release', 'credit')
            UNION ALL SELECT payer, unit, cents FROM refunds_leg WHERE case_id = wanted AND state <> 'void' AND kind NOT IN ('suppress', 'release', 'credit')
        ) both_books GROUP BY party, unit HAVING sum(cents) <> 0 LIMIT 1;
    END IF;
    IF odd IS NOT NULL THEN
        RAISE EXCEPTION 'the books of return % do not close: %', wanted, odd USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION refunds_rows_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refunds_books_close(NEW.case_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refunds_journal_closes AFTER INSERT ON refunds_journalline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refunds_rows_close();
CREATE CONSTRAINT TRIGGER refunds_legs_close AFTER INSERT OR UPDATE OF state ON refunds_leg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refunds_rows_close();
"""

GUARDS = "\n".join(
    [
        CASES,
        STATES_ARE_WHOLE,
        LEGS,
        JOURNAL,
        *(history_triggers(table) for table in ("refunds_screening", "refunds_journalline")),
    ]
)
