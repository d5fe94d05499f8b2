"""System checks of personal data."""

from __future__ import annotations

from typing import Any

from django.core import checks

from jike.privacy.retention import read_register, wrong_lines


@checks.register("privacy")
def every_column_is_registered(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Nobody adds a column without saying whether it is personal data, why it is kept and for how long."""
    problems, paste = wrong_lines(read_register())
    if not problems:
        return []
    lines = "\n".join(paste)
    hint = (
        f"Judge each column and paste under `columns` of config/data_retention.yaml:\n{lines}"
        if paste
        else "Edit config/data_retention.yaml."
    )
    return [
        checks.Error(
            "config/data_retention.yaml does not fit the models:\n  " + "\n  ".join(problems),
            hint=hint,
            id="privacy.E003",
        )
    ]
