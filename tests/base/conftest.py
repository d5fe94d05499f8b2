from tests.complaints.conftest import cast

__all__ = ["cast"]
