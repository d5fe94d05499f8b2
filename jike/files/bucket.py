"""Sealed files in a bucket of an S3-compatible store. Drafts lie encrypted in the temporary folder of this machine until sent."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import SplitResult, parse_qs, unquote

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from jike.base.failpoints import failpoint
from jike.files.places import Draft
from jike.files.sealing import Reader

PART = 16 * 1024 * 1024
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_UNKNOWN = frozenset({"NotImplemented", "InvalidArgument", "501"})
_GONE = frozenset({"NoSuchKey", "NotFound", "404"})


class Bucket:
    """Write-once by `If-None-Match`; a server that does not know it is asked first whether something is there."""

    def __init__(self, url: SplitResult) -> None:
        asked = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self.name, prefix = url.hostname or "", unquote(url.path).strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = boto3.client(
            "s3",
            endpoint_url=asked.get("endpoint"),
            region_name=asked.get("region"),
            aws_access_key_id=unquote(url.username) if url.username else None,
            aws_secret_access_key=unquote(url.password) if url.password else None,
            config=Config(
                connect_timeout=10,
                read_timeout=60,
                retries={"mode": "standard", "max_attempts": 4},
                request_checksum_calculation="when_required",  # many compatible servers refuse the newer trailers
                response_checksum_validation="when_required",
                s3={"addressing_style": "path" if asked.get("endpoint") else "auto"},
            ),
        )

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        with tempfile.NamedTemporaryFile(prefix="jike-sealed-") as file:
            yield Draft(cast(BinaryIO, file), Path(file.name))

    def keep(self, draft: Draft, address: str) -> bool:
        try:
            self._send(draft, address, IfNoneMatch="*")
        except ClientError as error:
            if _code(error) in _TAKEN:
                return False
            if _code(error) not in _UNKNOWN:
                raise
            if self.exists(address):
                return False
            self._send(draft, address)
        return True

    def replace(self, draft: Draft, address: str) -> None:
        self._send(draft, address)

    def open_at(self, address: str, offset: int) -> Reader:
        try:
            found = self._client.get_object(Bucket=self.name, Key=self._key(address), Range=f"bytes={offset}-")
        except ClientError as error:
            if _code(error) in _GONE:
                raise FileNotFoundError(address) from None
            if _code(error) in {"InvalidRange", "416"}:
                return io.BytesIO()  # cut off before this place
            raise
        return cast(Reader, found["Body"])

    def exists(self, address: str) -> bool:
        try:
            self._client.head_object(Bucket=self.name, Key=self._key(address))
        except ClientError as error:
            if _code(error) in _GONE:
                return False
            raise
        return True

    def delete(self, address: str) -> None:
        self._client.delete_object(Bucket=self.name, Key=self._key(address))

    def add(self, address: str, content: bytes) -> bool:
        with self.draft() as draft:
            draft.file.write(content)
            return self.keep(draft, address)

    def get(self, address: str) -> bytes:
        found = self.open_at(address, 0)
        try:
            return found.read()
        finally:
            found.close()

    def listing(self, below: str = "") -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self._prefix + below)
        for page in pages:
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix), found["LastModified"]

    def _key(self, address: str) -> str:
        return self._prefix + address

    def _send(self, draft: Draft, address: str, **condition: str) -> None:
        draft.file.flush()
        size = draft.file.seek(0, io.SEEK_END)
        draft.file.seek(0)
        failpoint("file.drafted")
        where = {"Bucket": self.name, "Key": self._key(address)}
        if size <= PART:
            self._client.put_object(**where, Body=draft.file, ContentType="application/octet-stream", **condition)
            return
        upload = self._client.create_multipart_upload(**where, ContentType="application/octet-stream")["UploadId"]
        try:
            parts = [
                {"PartNumber": number, "ETag": self._send_part(where, upload, number, part)}
                for number, part in enumerate(iter(_reader(draft.file), b""), 1)
            ]
            self._client.complete_multipart_upload(
                **where, UploadId=upload, MultipartUpload={"Parts": parts}, **condition
            )
        except BaseException:
            self._client.abort_multipart_upload(**where, UploadId=upload)
            raise

    def _send_part(self, where: dict[str, str], upload: str, number: int, part: bytes) -> str:
        sent = self._client.upload_part(**where, UploadId=upload, PartNumber=number, Body=part)
        return str(sent["ETag"])


def _reader(file: BinaryIO) -> Callable[[], bytes]:
    return lambda: file.read(PART)


def _code(error: ClientError) -> Any:
    return error.response["Error"]["Code"]
