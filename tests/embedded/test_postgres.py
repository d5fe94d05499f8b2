"""The embedded database: who may start it, who stops it, and what a crash leaves."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from jike.embedded.binaries import find_binaries
from jike.embedded.errors import CannotStart
from jike.embedded.home import Home
from jike.embedded.postgres import Postgres
from jike.embedded.service_user import service_user
from jike.embedded.users import using_database
from tests.embedded.accounts import Account, stop_and_remove, unprivileged_account

USE = """
import sys
from pathlib import Path
from jike.embedded.errors import CannotStart
from jike.embedded.home import Home
from jike.embedded.users import using_database
try:
    with using_database(Home(Path(sys.argv[1])), throw_away=True) as postgres:
        print(postgres.pid(), flush=True)
        sys.stdin.readline()
except CannotStart as error:
    sys.exit(str(error))
"""


def connect(home: Home, user: str = "jike") -> psycopg.Connection:
    return psycopg.connect(host=str(home.socket_dir), user=user, dbname="jike")


def wait_until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_new_home_is_private_durable_and_speaks_utf8(home: Home) -> None:
    with using_database(home) as postgres:
        with connect(home) as connection:
            shown = {
                name: connection.execute(f"SHOW {name}").fetchone()[0]
                for name in ("listen_addresses", "fsync", "synchronous_commit", "data_checksums", "server_encoding")
            }
            lower = connection.execute("SELECT lower('ÀÉ')").fetchone()
            is_superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        server = postgres.pid()
        modes = [oct(home.socket_dir.stat().st_mode & 0o007), oct(postgres.data.stat().st_mode & 0o777)]

    assert shown == {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
    }
    assert lower == ("àé",)
    assert is_superuser == (False,)
    assert modes == ["0o0", "0o700"]
    assert not is_alive(server)
    assert not home.socket_dir.exists()


def test_last_user_stops_the_server_and_no_earlier_one(home: Home) -> None:
    me = Account(os.geteuid(), os.getegid())
    with using_database(home, throw_away=True) as postgres:
        second = me.run(USE, home.path)
        assert int(second.stdout.readline()) == postgres.pid()
        third = me.run(USE, home.path)
        assert int(third.stdout.readline()) == postgres.pid()
        third.communicate("\n")
        assert postgres.is_running()
        server = postgres.pid()
    assert Postgres(home).is_running()

    second.communicate("\n")

    assert not is_alive(server)
    assert not Postgres(home).is_running()


def test_killed_user_leaves_no_count_and_no_process(home: Home) -> None:
    me = Account(os.geteuid(), os.getegid())
    user = me.run(USE, home.path)
    server = int(user.stdout.readline())

    user.kill()
    user.communicate()

    wait_until(lambda: not is_alive(server) and not home.socket_dir.exists())
    with using_database(home, throw_away=True):
        pass


def test_killed_server_and_reused_number_do_not_block_the_next_start(home: Home) -> None:
    with using_database(home) as postgres:
        with connect(home) as connection:
            connection.execute("CREATE TABLE kept (n int)")
        os.kill(postgres.pid(), signal.SIGKILL)
        wait_until(lambda: not postgres.is_running())
        pid_file = postgres.data / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(pid_file.read_text().split("\n")[0], str(os.getpid()), 1))

    with using_database(home), connect(home) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_two_homes_run_side_by_side(home: Home) -> None:
    other = Home(Path(tempfile.mkdtemp(prefix="jike-home-")))
    try:
        with using_database(home, throw_away=True) as one, using_database(other, throw_away=True) as two:
            assert one.pid() != two.pid()
            assert home.socket_dir != other.socket_dir
        assert not one.is_running()
        assert not two.is_running()
    finally:
        stop_and_remove(other.path)


def test_long_home_has_a_short_socket(home: Home) -> None:
    deep = home.path / ("long-" * 20) / ("name-" * 20)
    deep.mkdir(parents=True)
    for folder in (home.path, deep.parent, deep):
        folder.chmod(0o711)

    with using_database(Home(deep), throw_away=True), connect(Home(deep)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(str(Home(deep).socket_dir)) < 60


def test_ordinary_user_runs_the_server_as_himself() -> None:
    account = unprivileged_account()
    path = Path(tempfile.mkdtemp(prefix="jike-home-"))
    os.chown(path, account.uid, account.gid)
    try:
        user = account.run(USE, path)
        server = int(user.stdout.readline())
        owner = Path(f"/proc/{server}").stat().st_uid
        user.communicate("\n")

        assert owner == account.uid
        assert not is_alive(server)
    finally:
        stop_and_remove(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be two people")
def test_server_of_root_is_unprivileged_and_refuses_other_accounts(home: Home) -> None:
    with using_database(home, throw_away=True) as postgres:
        assert Path(f"/proc/{postgres.pid()}").stat().st_uid == service_user().uid != 0
        home.socket_dir.chmod(0o777)
        (home.socket_dir / ".s.PGSQL.5432").chmod(0o777)
        stranger = unprivileged_account().run(
            "import psycopg, sys; psycopg.connect(host=sys.argv[1], user=sys.argv[2], dbname='jike')",
            home.socket_dir,
            "jike",
        )
        _, said = stranger.communicate()

    assert "Peer authentication failed" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_unreachable_home_is_refused_with_the_remedy(home: Home) -> None:
    inner = home.path / "closed" / "home"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)

    refusal = pytest.raises(CannotStart, match=r"cannot reach .*closed/home: .*Set JIKE_HOME")
    with refusal, using_database(Home(inner), throw_away=True):
        pass
    assert inner.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be two people")
def test_home_and_sockets_of_somebody_else_are_refused(home: Home) -> None:
    home.secret("LEDGER_KEY")
    home.path.chmod(0o755)
    stranger = unprivileged_account().run(USE, home.path)
    _, said = stranger.communicate("\n")
    assert "belongs to user id 0" in said

    home.socket_dir.mkdir()
    os.chown(home.socket_dir, 1, 1)
    with pytest.raises(CannotStart, match="was made by another user"), using_database(home, throw_away=True):
        pass
    home.socket_dir.rmdir()


def test_data_of_another_major_version_are_refused() -> None:
    with pytest.raises(CannotStart, match=r"written by PostgreSQL 14; this machine has .*Install postgresql-14"):
        find_binaries(service_user(), written_by=14)
