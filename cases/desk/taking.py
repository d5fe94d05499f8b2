"""The course of a case as a file, for whoever sees the whole case and says why."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.desk import page
from cases.desk.timeline import CATEGORIES
from cases.models import Case
from cases.queries import case_for, sight_of
from jike import privacy
from jike.base.actors import Actor
from jike.base.dates import now as current_instant
from jike.web.downloads import SensitiveDownload, plain_cell


@require_POST
def timeline_csv(request: HttpRequest, number: str) -> HttpResponse:
    """Every event with its words. The reason is kept with the name before the file is made, and the consumer can read it."""
    case = case_for(request.actor, number)
    if sight_of(case, request.actor) != "full":
        raise Http404(number)
    reason = request.POST.get("reason", "")[:200]
    privacy.record_export(request.actor, case, "timeline", reason=reason, now=current_instant())
    return SensitiveDownload(
        csv_of(case, request.actor),
        media_type="text/csv; charset=utf-8",
        name=f"{case.number}.csv",
        subject=case.pk,
        purpose="timeline export",
    )


def csv_of(case: Case, actor: Actor) -> bytes:
    """One line per event, oldest first, as CSV that Excel opens rightly and in which no text can be a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(
        [_("Time"), _("What happened"), _("Category"), _("State before"), _("State after"), _("Who"), _("Words")]
    )
    names = dict(CATEGORIES)
    for day, lines in page.timeline_lines(case, actor):
        for line in lines:
            writer.writerow([plain_cell(str(text)) for text in _row(day, line, names)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _row(day: str, line: page.Line, names: dict[str, Any]) -> list[Any]:
    words = "\n".join(text["body"] for text in line.texts)
    kept = [f"{change.label}：{change.before} → {change.after}" for change in line.changes]
    said = "\n".join([*kept, *([words] if words else [])])
    return [f"{day} {line.time}", line.label, names.get(line.category, ""), line.before, line.after, line.actor, said]
