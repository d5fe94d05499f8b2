"""The benchmarks judge what they measure: ratios, limits, and what is said of a page that did not answer."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from bench import bars, product, results, words
from bench.client import Browser, Failed, Request
from bench.cpu import Meter
from bench.measure import Measured, Page, in_turns, quantile
from bench.places import Database, drop, home_server, set_remark
from bench.web import WebServer


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers /good/ with a cookie and /bad/ with an error, and keeps what is posted."""

    posted: list[str] = []

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/good/" else 500)
        self.send_header("Set-Cookie", "seen=yes; Path=/")
        self.send_header("X-Bench-SQL", "7" if "X-Bench-Count" in self.headers else "0")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        self.posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield WebServer("fake", server.server_port, os.getpid(), "nothing")
    server.shutdown()
    server.server_close()
    thread.join()


def measured(seconds: float, **more: float) -> Measured:
    return Measured("page", seconds=[seconds] * 20, **more)  # type: ignore[arg-type]


def test_wall_decides_on_a_quiet_machine_and_cpu_on_a_shared_one() -> None:
    ours, theirs = measured(0.010, cpu_ms=20.0), measured(0.100, cpu_ms=40.0)
    quiet = results.compared(1, "x", ours, theirs, 0.25)
    ours.others = 1.5
    shared = results.compared(1, "x", ours, theirs, 0.25)

    assert (quiet.judged_by, quiet.met) == ("wall", True)
    assert (shared.judged_by, shared.met) == ("cpu", False)


def test_a_rate_must_reach_its_limit_and_a_time_stay_below() -> None:
    assert results.Row(19, "x", None, 90.0, 100.0, "/s", 0.9, at_least=True).met is True
    assert results.Row(19, "x", None, 89.0, 100.0, "/s", 0.9, at_least=True).met is False
    assert results.Row(2, "x", None, 351.0, 100.0, "ms", 3.5).met is False


def test_a_rate_on_a_shared_machine_is_judged_by_the_cpu_of_each() -> None:
    cheap = results.Row(7, "x", None, 10.0, 50.0, "/s", 1.0, True, ours_cpu_ms=9.0, yardstick_cpu_ms=10.0, others=1.5)
    dear = results.Row(7, "x", None, 60.0, 50.0, "/s", 1.0, True, ours_cpu_ms=11.0, yardstick_cpu_ms=10.0, others=1.5)

    assert (cheap.met, dear.met) == (True, False)


def test_a_page_that_was_left_out_is_neither_met_nor_missed() -> None:
    row = results.compared(5, "x", None, measured(0.1), 0.25)

    assert (row.met, row.note) == (None, "not measured")
    assert [r.met for r in bars.of_pages({}, 10_000)] == [None] * 10


def test_pages_are_shown_in_turns_counted_and_left_out_when_they_fail(
    web: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Browser(web.port)
    good = Page("good", web, lambda _n: [Request("/good/")], lambda _n: browser)
    bad = Page("bad", web, lambda _n: [Request("/bad/")], lambda _n: browser)

    found = in_turns([good, bad], rounds=2, per_round=3, crowd=16)

    assert list(found) == ["good"]
    assert (len(found["good"].seconds), found["good"].statements) == (6, 7)
    assert found["good"].c8_per_second and browser.cookies == {"seen": "yes"}
    assert "left out: bad" in capsys.readouterr().err


def test_an_unexpected_status_is_a_failure(web: WebServer) -> None:
    with pytest.raises(Failed):
        Browser(web.port).send(Request("/bad/"))


def test_the_meter_sees_what_this_process_uses() -> None:
    meter = Meter(os.getpid(), [])
    sum(n * n for n in range(3_000_000))

    assert 0 < meter.read().process < 60


def test_the_table_marks_missed_bars() -> None:
    rows = [
        results.Row(2, "queue", 10_000, 40.0, 10.0, "ms", 3.5),
        results.Row(3, "middle", 10_000, 10.0, 10.0, "ms", 1.3),
    ]

    lines = results.table(rows).splitlines()

    assert [("NO" in line, "yes" in line) for line in lines[1:]] == [(True, False), (False, True)]


def test_only_benchmark_databases_are_ever_dropped() -> None:
    with pytest.raises(ValueError, match="jike"):
        drop(Database("/nowhere", "5432", "nobody", "", "jike"), "jike")


def test_a_size_begins_as_a_copy_of_the_largest_kept_one_below_and_is_loaded_once(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server, loads = home_server(connection.settings_dict), []
    monkeypatch.setenv("JIKE_HOME", str(tmp_path))
    monkeypatch.setattr(product, "KEPT", f"jike_bench_{os.getpid()}_")
    monkeypatch.setattr(product, "manage", lambda *words: None)
    monkeypatch.setattr(product, "_load", lambda database, size: loads.append(size))
    wanted = {size: f"jike_bench_{os.getpid()}_{size}" for size in (10, 20, 30)}
    try:
        assert product.loaded(server, [10, 20]) == {10: wanted[10], 20: wanted[20]}
        assert product.loaded(server, [30]) == {30: wanted[30]}
        assert loads == [10, 20, 30]
        assert product.loads()["30"]["on top of"] == wanted[20]

        set_remark(server, wanted[10], "made by another loader")
        product.loaded(server, [20])
        assert loads == [10, 20, 30, 20]
    finally:
        for name in wanted.values():
            drop(server, name)


def test_quantile_takes_the_slow_end() -> None:
    assert quantile(list(range(100)), 0.95) == 95
    assert quantile([1.0], 0.95) == 1.0


def test_the_median_of_three_runs_is_kept_for_every_bar() -> None:
    runs = [[results.Row(2, "queue", 10_000, ours, 10.0, "ms", 3.5)] for ours in (90.0, 20.0, 30.0)]
    shared = [
        [results.Row(2, "x", None, 1.0, 1.0, "ms", 3.5, ours_cpu_ms=cpu, yardstick_cpu_ms=1.0, others=1.0)]
        for cpu in (9.0, 2.0, 3.0)
    ]

    assert [row.ours for row in results.middle(runs)] == [30.0]
    assert [row.ours_cpu_ms for row in results.middle(shared)] == [3.0]


def test_a_bar_that_one_run_could_not_measure_is_not_said_to_be_met() -> None:
    whole, missing = results.Row(8, "x", None, 1.0, 9.0, "ms", 0.5), results.Row(8, "x", None, 1.0, None, "ms", 0.5)
    assert [row.met for row in results.middle([[whole], [missing], [whole]])] == [None]


def test_a_slow_page_is_shown_once_a_round_and_to_no_crowd(web: WebServer) -> None:
    slow = Page("slow", web, lambda _n: [Request("/good/")], lambda _n: Browser(web.port), is_slow=True)

    found = in_turns([slow], rounds=3, per_round=5, crowd=16)["slow"]

    assert (len(found.seconds), found.c8_per_second) == (3, None)


def test_search_is_judged_by_the_slow_end_of_the_whole_mix() -> None:
    ours = {f"search {name}": measured(0.01) for name in words.WORDS}
    theirs = {f"helpdesk search {name}": measured(0.1) for name in words.WORDS}
    ours["search word of four"] = measured(0.09)
    told = {"searches": {}, "stored": {"ours": 3e6, "theirs": 1e6}}

    rows = {row.what: row for row in bars.of_search(ours | theirs, theirs, told, 10_000)}

    assert rows["search, mix of words, p95 / helpdesk's smallest"].met is False
    assert rows["tokens with index / trigram index"].met is False
    del ours["search word nobody wrote"]
    assert bars.of_search(ours | theirs, theirs, told, 10_000)[0].met is None


def test_above_the_yardstick_s_largest_size_the_loan_is_named() -> None:
    rows = bars.of_pages({"queue": measured(0.01), "helpdesk list": measured(1.0)}, 1_000_000, borrowed=True)
    assert (rows[0].limit, rows[0].note, rows[1].note) == (1 / 8, "theirs with fewer cases", "not measured")


def test_a_bulk_act_is_told_by_the_row() -> None:
    told = {"rows": 5_000, "done": 4_990, "seconds": 50.0, "row_ms": 10.0, "row_cpu_ms": 5.0, "alone_ms": 8.0, "alone_cpu_ms": 4.0, "others": 0.0}  # fmt: skip
    alone, beside = bars.of_bulk(told, measured(0.4), 10_000)
    assert (alone.ratio, beside.ratio) == (1.25, 2.5) and "4990" in alone.what


def test_a_bundle_stands_beside_qpdf_and_peers_nobody_ran_are_named() -> None:
    one = {"seconds": 2.0, "cpu": 1.0, "peak_mb": 200.0, "others": 0.0}
    told = {
        "200": {"ours": one, "qpdf": one | {"seconds": 1.0}},
        "500": {"ours": one | {"seconds": 7.0}, "qpdf": one | {"seconds": 4.0}},
    }
    rows = {row.what: row for row in bars.of_bundles(told)}

    assert [rows[f"bundle of {n} pages / qpdf merge"].met for n in (200, 500)] == [True, False]
    assert rows["a page of a bundle, 200 → 500 pages"].ratio == 1.4
    assert rows["bundle of 200 pages / BunTool"].note == "not run" and rows["bundle of 200 pages / BunTool"].met is None
    assert {row.what: row for row in bars.of_bundles({})}["a page of a bundle, 200 → 500 pages"].note == "not measured"


def test_a_list_in_a_form_is_sent_as_many_values(web: WebServer) -> None:
    Browser(web.port).send(Request("/good/", {"ticket_id": ["1", "2"]}))
    assert Answers.posted[-1].endswith("&ticket_id=1&ticket_id=2")
