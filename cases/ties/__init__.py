"""How cases hang together beyond one case: what the same people did before, complaints that read alike, mass events, alarms.

Clusters and alarms are drawn up by the sweep, off the way of filing; people judge them. Which case a person sees stays a
matter of `cases.queries`: every list and count here passes through its doors.
"""
