"""What is made for tests and demonstrations may not be on where people are real."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError


@pytest.mark.parametrize(("name", "code"), [("ENABLE_FAILPOINTS", "jike.E001"), ("DEMO", "jike.E002")])
def test_deployment_is_refused_with_tools_of_tests_on(settings, name: str, code: str) -> None:
    settings.ENABLE_FAILPOINTS = settings.DEMO = False
    call_command(
        "check", "--deploy", "--tag", "security", "--fail-level", "CRITICAL", stdout=StringIO(), stderr=StringIO()
    )
    setattr(settings, name, True)

    with pytest.raises(SystemCheckError, match=code):
        call_command("check", "--deploy", "--tag", "security", stdout=StringIO(), stderr=StringIO())
