from tests.complaints.conftest import cast, committed_cast

__all__ = ["cast", "committed_cast"]
