"""What the database refuses about clocks, whoever asks: a changed past, holes in the arithmetic, lines that do not add up."""

GUARDS = """
CREATE FUNCTION clocks_clock_is_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'clocks are never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state NOT IN ('running', 'suspended') THEN
        RAISE EXCEPTION 'a clock that has stopped never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.case_id, NEW.code, NEW.family, NEW.rule_version, NEW.duty, NEW.started_at, NEW.due_at, NEW.days_left, NEW.provisional,
        NEW.warnings, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.code, OLD.family, OLD.rule_version, OLD.duty,
        OLD.started_at, OLD.due_at, OLD.days_left, OLD.provisional, OLD.warnings, OLD.created_at) THEN
        RAISE EXCEPTION 'start, rule and end of a clock never change: replace it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NEW.state NOT IN ('stopped', 'replaced') THEN
        RAISE EXCEPTION 'a clock only stops or is replaced' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER clocks_clock_is_bound BEFORE UPDATE OR DELETE ON clocks_clock FOR EACH ROW EXECUTE FUNCTION clocks_clock_is_bound();
CREATE TRIGGER clocks_clock_is_whole BEFORE TRUNCATE ON clocks_clock FOR EACH STATEMENT EXECUTE FUNCTION clocks_clock_is_bound();

CREATE FUNCTION clocks_line_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the arithmetic of a clock never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER clocks_line_is_final BEFORE UPDATE OR DELETE ON clocks_clockline FOR EACH ROW EXECUTE FUNCTION clocks_line_is_final();
CREATE TRIGGER clocks_line_is_whole BEFORE TRUNCATE ON clocks_clockline FOR EACH STATEMENT EXECUTE FUNCTION clocks_line_is_final();

CREATE FUNCTION clocks_lines_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad uuid;
BEGIN
    SELECT l.clock_id INTO bad FROM clocks_clockline l
        WHERE l.clock_id IN (SELECT clock_id FROM added)
        GROUP BY l.clock_id
        HAVING min(l.seq) <> 1 OR max(l.seq) <> count(*)
            OR min(l.day) FILTER (WHERE l.seq = 1) + sum(l.days)::int
                <> (array_agg(l.day ORDER BY l.seq DESC) FILTER (WHERE l.counts))[1]
        LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'the lines of clock % have holes or do not add up', bad USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER clocks_lines_add_up AFTER INSERT ON clocks_clockline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION clocks_lines_add_up();
"""

UNGUARD = """
DROP FUNCTION clocks_clock_is_bound() CASCADE;
DROP FUNCTION clocks_line_is_final() CASCADE;
DROP FUNCTION clocks_lines_add_up() CASCADE;
"""
