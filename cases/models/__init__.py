"""The rows every kind of case shares."""

from cases.models.approval import Approval
from cases.models.case import Case
from cases.models.decision import Decision, Document
from cases.models.event import Event
from cases.models.message import Delivery, Message, Note
from cases.models.party import Party, Source

__all__ = ["Approval", "Case", "Decision", "Delivery", "Document", "Event", "Message", "Note", "Party", "Source"]
