"""The mark of views that show the visitor's own complaint."""

from cases.complaints.portal.queries import complaint_for
from cases.portal import sessions

own_case = sessions.own(complaint_for)
