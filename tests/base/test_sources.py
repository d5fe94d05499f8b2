"""Sources of rules as a Chinese reader calls them; the keys stay what they are elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils.translation import override

from jike.base.sources import named

ORDER = "《银行业保险业消费投诉处理管理办法》"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("O2020-3 art 18", f"{ORDER}第18条"),
        ("O2020-3 art 18(2)", f"{ORDER}第18(2)条"),
        ("O2020-3 art 17, 26", f"{ORDER}第17条、第26条"),
        ("O2020-3 art 17; house RET7", f"{ORDER}第17条；平台规则"),
        ("house screening, house RET7", "平台规则"),
        ("CC art 188, O2020-3 art 18", f"《民法典》第188条；{ORDER}第18条"),
        ("CPL art 85, O2020-3 art 18, CPL art 126", f"《民事诉讼法》第85条、第126条；{ORDER}第18条"),
        ("PIPL as a whole", "PIPL as a whole"),
        ("unknown key", "unknown key"),
        ("", ""),
    ],
)
def test_a_source_is_called_by_its_title_and_article(source: str, said: str) -> None:
    with override("zh-hans"):
        assert named(source) == said
    with override("en"):
        assert named(source) == source


def test_every_key_of_the_register_has_a_title() -> None:
    register = Path(settings.BASE_DIR / "docs" / "sources.md").read_text(encoding="utf-8")
    titles = yaml.safe_load((settings.BASE_DIR / "config" / "sources.yaml").read_text(encoding="utf-8"))

    keys = set(re.findall(r"^\| ([A-Z]{2}[A-Z0-9-]*|[A-Z]\d[\d-]+)(?: art[^|]*)? \|", register, re.MULTILINE))
    foreign = {"CFPB-CCDB", "DISP"}
    assert len(keys) > 20 and keys - set(titles) <= foreign
