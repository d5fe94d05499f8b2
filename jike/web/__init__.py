"""The shells around every page: sessions and CSRF per space, headers, the refusal page, the read-only GET, health, errors,
and the parts (icons, badges, danger bars) that pages are made of. Knows no kind of case.
"""

from jike.web.pages import render_page_or_part, short_date

__all__ = ["render_page_or_part", "short_date"]
