from django.db import migrations

GUARD = """
CREATE FUNCTION calendars_notice_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'holiday notices are never changed: import a new version' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER calendars_notice_is_final BEFORE UPDATE OR DELETE ON calendars_holidayyear
    FOR EACH ROW EXECUTE FUNCTION calendars_notice_is_final();
CREATE TRIGGER calendars_notice_is_whole BEFORE TRUNCATE ON calendars_holidayyear
    FOR EACH STATEMENT EXECUTE FUNCTION calendars_notice_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, "DROP FUNCTION calendars_notice_is_final() CASCADE")]
