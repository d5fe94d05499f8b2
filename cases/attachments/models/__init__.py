"""The rows of papers: as they came, what was found in them, what is shown of them, and large ones on their way in."""

from cases.attachments.models.examination import Examination, Ruling
from cases.attachments.models.paper import Attachment, PaperText, SafeView
from cases.attachments.models.upload import Upload, UploadPart

__all__ = ["Attachment", "Examination", "PaperText", "Ruling", "SafeView", "Upload", "UploadPart"]
