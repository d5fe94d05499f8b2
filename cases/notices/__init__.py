"""What the staff are told: marks of clocks, work that arrives, approvals that wait; in the workbench, by e-mail, once a day.

Each person chooses per event and channel; escalations that the law stands behind cannot be silenced. An e-mail holds a
number and a link, never a person. What consumers are told is no business of this app.
"""
