"""The page where anyone checks a paper: by its document code, or by the file itself. Knows no kind of document.

Whoever issues documents registers a `Finder`. A case number opens nothing here, and nothing that is typed or uploaded is kept:
a file is hashed while it arrives and thrown away; a PDF also stays in memory until its
signatures were looked at.
"""

from jike.web.verify.issued import Finder, Issued, register

__all__ = ["Finder", "Issued", "register"]
