from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jike.embedded.house_certificate import make_house_identity
from jike.outbox.fakes.tsa import FakeTsa
from tests.signatures.papers import AT, Authority


@pytest.fixture(scope="session")
def house_pem() -> str:
    return make_house_identity(now=AT)


@pytest.fixture
def house(settings: Any, house_pem: str) -> str:
    """Documents are signed with a certificate of the house's own; nobody stamps."""
    settings.SIGNING_KEY = settings.SIGNING_CERTIFICATES = house_pem
    settings.SIGNING_ROOTS_FILE = settings.TSA_URL = settings.TSA_CA_FILE = ""
    return house_pem


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.new()


@pytest.fixture
def company(settings: Any, authority: Authority, tmp_path: Path, house: str) -> Authority:
    """Documents are signed with a certificate of an authority that the operator believes."""
    settings.SIGNING_KEY, settings.SIGNING_CERTIFICATES = authority.issue()
    believe(settings, authority, tmp_path)
    return authority


def believe(settings: Any, authority: Authority, folder: Path) -> None:
    from tests.signatures.papers import pem

    (folder / "roots.pem").write_text(pem(authority.certificate))
    settings.SIGNING_ROOTS_FILE = str(folder / "roots.pem")


@pytest.fixture(scope="session")
def running_tsa() -> Iterator[FakeTsa]:
    with FakeTsa() as running:
        yield running


@pytest.fixture
def tsa(running_tsa: FakeTsa, settings: Any, tmp_path: Path, house: str) -> FakeTsa:
    """An authority of time that the operator believes. Ask for it after `company`, which takes it away."""
    (tmp_path / "tsa.pem").write_bytes(running_tsa.ca_pem)
    settings.TSA_URL, settings.TSA_CA_FILE = running_tsa.url, str(tmp_path / "tsa.pem")
    return running_tsa
