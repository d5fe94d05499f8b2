"""What the database itself refuses about pages: bundles were bound of them, so they stay as they were made. Run by migrations."""

from cases.guards import history_triggers

GUARDS = history_triggers("copies_pages")
UNGUARD = "DROP TRIGGER copies_pages_is_final ON copies_pages; DROP TRIGGER copies_pages_is_whole ON copies_pages;"
