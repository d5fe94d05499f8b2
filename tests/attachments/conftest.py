from tests.api.conftest import program
from tests.search.conftest import cast, chinese, committed_cast

__all__ = ["cast", "chinese", "committed_cast", "program"]
