"""What is typed when somebody is to be kept from a complaint."""

from __future__ import annotations

from cases.forms import form_for
from cases.handling import recusal_forms as shared

form_for("complaints.recuse")(shared.RecuseForm)
form_for("complaints.request_recusal")(shared.RequestRecusalForm)
form_for("complaints.decide_recusal")(shared.DecideRecusalForm)
form_for("complaints.lift_recusal")(shared.LiftRecusalForm)
