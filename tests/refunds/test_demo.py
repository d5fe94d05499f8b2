"""The demo's returns: every one walks the real actions, told twice they stay as they are."""

from __future__ import annotations

from cases.demo.accounts import ensure_accounts
from cases.starter import ensure_starter_data
from jike.base.dates import now as current_instant
from lending.models import Loan
from refunds import demo
from refunds.models import Refund


def test_the_story_has_returns_in_every_kind_of_place_and_is_told_once(db: None) -> None:
    now = current_instant()
    ensure_starter_data(now)
    ensure_accounts()

    demo.tell(now)
    states = {case.loan.number: case.state for case in demo.cases()}
    versions = dict(Refund.objects.values_list("number", "version"))
    demo.tell(now)

    assert states == {
        "DEMO-R-0003": "completed", "DEMO-R-0004": "stuck", "DEMO-R-0005": "disputed", "DEMO-R-0006": "refused",
        "DEMO-R-0007": "eligible", "DEMO-R-0008": "disputed", "DEMO-R-0009": "reversing",
    }  # fmt: skip
    assert dict(Refund.objects.values_list("number", "version")) == versions
    assert Loan.objects.filter(number__startswith="DEMO-R-").count() == 9
    assert all(loan.instalments.count() == 12 for loan in Loan.objects.filter(number__startswith="DEMO-R-"))
