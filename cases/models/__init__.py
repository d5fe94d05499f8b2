"""The rows every kind of case shares."""

from cases.models.approval import Approval
from cases.models.case import Case
from cases.models.decision import Decision, Document
from cases.models.event import Event
from cases.models.link import Link
from cases.models.message import Delivery, Message, Note
from cases.models.party import Forwarding, Party, Source, SourceReply
from cases.models.recusal import Recusal, StaffRelation
from cases.models.staffing import Leave, Skill
from cases.models.task import Task

__all__ = [
    "Approval",
    "Case",
    "Decision",
    "Delivery",
    "Document",
    "Event",
    "Forwarding",
    "Leave",
    "Link",
    "Message",
    "Note",
    "Party",
    "Recusal",
    "Skill",
    "Source",
    "SourceReply",
    "StaffRelation",
    "Task",
]
