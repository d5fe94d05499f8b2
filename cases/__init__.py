"""Cases: what every kind of case shares. It owns the case row, parties, timeline, messages with proof, approvals, decisions
and documents; each kind (complaints, mediation, litigation, police) is an app inside it with its own machine and words."""
