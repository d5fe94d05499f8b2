"""Hours in which nobody is disturbed: when a message that may wait leaves.

What the law asks to be told never waits and never comes here.
"""

from __future__ import annotations

from datetime import time

from jike.calendars.hours import Hours

CONSUMER_HOURS = Hours(time(9), time(20))
"""When consumers may be asked for a favour, such as an answer to a survey."""
