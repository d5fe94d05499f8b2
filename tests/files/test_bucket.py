"""The same store on a bucket of an S3-compatible server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from django.db import connection
from moto.server import ThreadedMotoServer

from jike import files
from jike.base.ids import uuid7
from jike.files import bucket, store
from jike.files.bucket import Bucket
from jike.files.models import StoredFile
from jike.files.places import place, place_of
from jike.files.sealing import PIECE
from jike.privacy import destroy_key

NOW = datetime(2026, 9, 28, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def client(server: str, settings: Any) -> Any:
    client = boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="sec/ret"
    )
    name = f"bucket-{uuid7().hex}"
    client.create_bucket(Bucket=name)
    settings.FILES_URL = (
        f"s3://key:{quote('sec/ret', safe='')}@{name}/house/files?endpoint={quote(server, safe='')}&region=us-east-1"
    )
    client.name = name
    return client


def put(content: bytes = b"content", scope: Any = None) -> StoredFile:
    return files.put(scope or uuid7(), content, media_type="application/pdf", display_name="合同.pdf", now=NOW)


def keys_in(client: Any) -> list[str]:
    return [found["Key"] for found in client.list_objects_v2(Bucket=client.name).get("Contents", ())]


def key_of(stored: StoredFile) -> str:
    return "house/files/" + store._address(stored.scope, bytes(stored.sha256))


def bytes_of(client: Any, stored: StoredFile) -> bytes:
    return client.get_object(Bucket=client.name, Key=key_of(stored))["Body"].read()


def test_content_comes_back_and_is_sealed(client: Any) -> None:
    content = random.Random(1).randbytes(3 * PIECE + 9)
    stored = put(content)

    assert files.read(StoredFile.objects.get()) == content
    assert keys_in(client) == [key_of(stored)] and content[:20] not in bytes_of(client, stored)
    for start, length in [(0, 4), (PIECE - 3, 9), (2 * PIECE, PIECE + 100), (len(content), 5)]:
        assert files.read_range(stored, start, length) == content[start : start + length]
    assert put(content, stored.scope).pk == stored.pk
    assert files.read(put(b"")) == b"" and not list(files.verify_files(now=NOW))


def test_long_files_are_sent_in_parts(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "PART", 5 * 1024 * 1024)
    content = random.Random(2).randbytes(12 * 1024 * 1024)

    stored = put(content)

    assert client.head_object(Bucket=client.name, Key=key_of(stored))["ETag"].endswith('-3"')
    assert files.read(stored) == content
    assert "Uploads" not in client.list_multipart_uploads(Bucket=client.name)


def test_an_upload_that_breaks_off_leaves_no_parts(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "PART", 5 * 1024 * 1024)
    plain = Bucket._send_part

    def breaking(self: Any, where: Any, upload: str, number: int, part: bytes) -> str:
        if number == 2:
            raise EndpointConnectionError(endpoint_url="https://gone")
        return plain(self, where, upload, number, part)

    monkeypatch.setattr(Bucket, "_send_part", breaking)

    with pytest.raises(EndpointConnectionError):
        put(bytes(11 * 1024 * 1024))
    assert not StoredFile.objects.exists() and not keys_in(client)
    assert "Uploads" not in client.list_multipart_uploads(Bucket=client.name)


def test_what_is_there_is_not_written_again(client: Any) -> None:
    """After a crash between bytes and row the good bytes stay; the row comes the second time."""
    scope = uuid7()
    stored = put(b"x" * 1000, scope)
    before = bytes_of(client, stored)
    forget_row(stored)

    again = put(b"x" * 1000, scope)

    assert bytes_of(client, again) == before and files.read(again) == b"x" * 1000


def test_unreadable_leftovers_are_replaced(client: Any) -> None:
    scope = uuid7()
    stored = put(b"x" * 1000, scope)
    forget_row(stored)
    client.put_object(Bucket=client.name, Key=key_of(stored), Body=b"left by a rolled-back key")

    assert files.read(put(b"x" * 1000, scope)) == b"x" * 1000


def test_servers_that_do_not_know_the_condition_are_asked_first(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, there = Bucket._send, place()

    def old_server(self: Any, draft: Any, address: str, **condition: str) -> None:
        if condition:
            raise ClientError({"Error": {"Code": "NotImplemented"}}, "PutObject")
        plain(self, draft, address)

    monkeypatch.setattr(Bucket, "_send", old_server)
    stored = put(b"once")
    with there.draft() as draft:
        draft.file.write(b"twice")
        assert not there.keep(draft, store._address(stored.scope, bytes(stored.sha256)))
    assert files.read(stored) == b"once"


def test_changed_lost_and_unnamed_objects_are_noticed(client: Any) -> None:
    one, two, three = put(b"one"), put(b"two"), put(b"three" * PIECE)
    client.put_object(Bucket=client.name, Key=key_of(one), Body=bytes_of(client, two))
    client.delete_object(Bucket=client.name, Key=key_of(two))
    client.put_object(Bucket=client.name, Key=key_of(three), Body=bytes_of(client, three)[:-PIECE])
    client.put_object(Bucket=client.name, Key="house/files/aa/left", Body=b"by a crash")
    client.put_object(Bucket=client.name, Key="elsewhere/not-ours", Body=b"")

    found = [(t.kind, t.file or t.path) for t in files.verify_files(now=datetime.now(UTC) + timedelta(hours=2))]

    assert found == [("damaged", one.pk), ("missing", two.pk), ("damaged", three.pk), ("orphan", "aa/left")]


def test_a_destroyed_case_is_forgotten(client: Any) -> None:
    one, two = put(b"one"), put(b"two")
    connection.run_on_commit.clear()
    destroy_key(one.scope, now=NOW)

    assert store.forget(one.scope) == 1
    assert keys_in(client) == [key_of(two)] and files.read(two) == b"two"


def test_a_store_without_answer_is_an_error_and_leaves_no_row(server: str, settings: Any) -> None:
    settings.FILES_URL = f"s3://key:secret@never-made/?endpoint={quote(server, safe='')}&region=us-east-1"

    with pytest.raises(ClientError):
        put()
    assert not StoredFile.objects.exists()
    assert isinstance(place_of("s3://key:secret@other?region=eu-west-1"), Bucket)
    assert urlsplit(settings.FILES_URL).scheme == "s3"


def test_drafts_do_not_stay_on_this_machine(client: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    put(b"content " * 100)

    assert not list(tmp_path.iterdir())


def forget_row(stored: StoredFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE files_storedfile DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM files_storedfile WHERE id = %s", [stored.pk])
        cursor.execute("ALTER TABLE files_storedfile ENABLE TRIGGER USER")
