"""What the database refuses about tasks and the answers to sources, whoever asks. Run by migrations."""

from cases.guards import history_triggers

ANSWERS = f"""
{history_triggers("cases_sourcereply")}
CREATE FUNCTION cases_task_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR (NEW.id, NEW.case_id, NEW.code, NEW.title, NEW.gates, NEW.power, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.code, OLD.title, OLD.gates, OLD.power, OLD.made_at) THEN
        RAISE EXCEPTION 'a task ends once and otherwise never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_task_ends_once BEFORE UPDATE OR DELETE ON cases_task FOR EACH ROW EXECUTE FUNCTION cases_task_ends_once();

CREATE FUNCTION cases_forwarding_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.replied_at IS NOT NULL OR (NEW.id, NEW.case_id, NEW.funder_id, NEW.words, NEW.forwarded_at, NEW.due_at)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.funder_id, OLD.words, OLD.forwarded_at, OLD.due_at) THEN
        RAISE EXCEPTION 'a forwarding is answered once and otherwise never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_forwarding_answered_once BEFORE UPDATE OR DELETE ON cases_forwarding
    FOR EACH ROW EXECUTE FUNCTION cases_forwarding_answered_once();

CREATE FUNCTION cases_representatives_are_few() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.role = 'representative' AND (SELECT count(*) FROM cases_party p WHERE p.case_id = NEW.case_id AND p.role = 'representative') > 5
        AND EXISTS (SELECT 1 FROM cases_case c JOIN complaints_complaint k ON k.case_ptr_id = c.id
                    WHERE c.id = NEW.case_id AND (c.source_channel = 'visit' OR k.joint_in_person)) THEN
        RAISE EXCEPTION 'more than five representatives of a joint complaint in person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_representatives_are_few AFTER INSERT ON cases_party
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_representatives_are_few();
"""  # noqa: S608 - names of our own tables
