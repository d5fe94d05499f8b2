from __future__ import annotations

from tests.complaints.conftest import cast, committed_cast, replies

__all__ = ["cast", "committed_cast", "replies"]
