"""The fixed mix of words that both sides are asked for, and the pages that ask for them. The texts of both have them equally often."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlencode

from bench.client import Browser, Request
from bench.measure import Measured, Page
from bench.web import WebServer

WORDS = {
    "common word of two": "退款",
    "rare word of two": "樱桃",
    "word of three": "预付卡",
    "word of four": "虚假宣传",
    "rare word of four": "穆罕默德",
    "word nobody wrote": "流动儿童",
}
"""Bar 8 is about these, two to four characters. `one character` and `order number` stand beside."""
SINGLE, NUMBER = "桃", "order number"


def asked(number: str) -> dict[str, str]:
    """Every search by name; `number` is one that exists on the side that is asked."""
    return {**WORDS, "one character": SINGLE, NUMBER: number}


def searches(web: WebServer, visitor: Browser, number: str) -> dict[str, Page]:
    """Our list of all cases, narrowed by the search box: hits of the first page, opened and confirmed."""

    def page(name: str, text: str) -> Page:
        path = f"/staff/queue/all/?{urlencode({'q': text})}"
        return Page(name, web, lambda _n: [Request(path)], lambda _n: visitor, is_slow=True)

    return {f"search {name}": page(f"search {name}", text) for name, text in asked(number).items()}


def helpdesk_searches(web: WebServer, visitor: Browser, number: str) -> dict[str, Page]:
    """The yardstick's list as its search box opens it: the shell, then the first 25 rows of all tickets with these words."""

    def page(name: str, text: str) -> Page:
        shell = Request(f"/helpdesk/tickets/?{urlencode({'q': text})}")
        return Page(name, web, lambda _n: [shell, Request(rows_path(text))], lambda _n: visitor, is_slow=True)

    return {f"search {name}": page(f"helpdesk search {name}", text) for name, text in asked(number).items()}


def rows_path(text: str = "", length: int = 25) -> str:
    """The address from which the yardstick's list fetches its rows: open tickets by creation, or all with these words."""
    wanted = {} if text else {"status__in": [1, 2]}
    query = {"filtering": wanted, "sorting": "created", "search_string": text, "sortreverse": False}
    told = base64.b64encode(json.dumps(query).encode()).decode()
    return f"/helpdesk/datatables_ticket_list/{told}?draw=1&start=0&length={length}"


def mix(found: dict[str, Measured], side: str) -> Measured | None:
    """All showings of the words of bar 8 together, each word as often as the others; None when one of them is missing."""
    parts = [found.get(f"{side}search {name}") for name in WORDS]
    kept = [part for part in parts if part is not None]
    if len(kept) < len(WORDS):
        return None
    share = len(kept)
    return Measured(
        f"{side}search mix",
        seconds=[second for part in kept for second in part.seconds],
        cpu_ms=sum(part.cpu_ms for part in kept) / share,
        backend_ms=sum(part.backend_ms for part in kept) / share,
        others=max(part.others for part in kept),
    )
