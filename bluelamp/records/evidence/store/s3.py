"""Evidence in an S3-compatible bucket, behind the same interface. Proof of object lock is not part
of it yet.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from bluelamp.records.evidence.store.contract import Kept, StoreFault, key_of
from bluelamp.records.evidence.store.staged import Staged

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_PART = 64 * 1024**2
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")


class S3Store:
    """A store in one bucket; bytes are received and hashed in a local folder first.

    What the endpoint answers is not believed: after each upload the size, and the hash as the
    endpoint computed it or as read back, must equal ours. Credentials come from boto3's usual
    places.
    """

    def __init__(self, root: Path, *, endpoint: str, bucket: str) -> None:
        self.incoming = root / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._bucket = bucket
        self._client: S3Client = boto3.client("s3", endpoint_url=endpoint or None)

    def stage(self) -> Staged:
        return Staged(self, self.incoming)

    def keep(self, source: Path, *, sha256: str, size: int) -> Kept:
        key = key_of(sha256)
        is_new = not self.exists(sha256)
        if is_new:
            self._send(source, key=key, sha256=sha256, size=size)
        if (held := self.size(sha256)) != size:
            raise StoreFault(f"{sha256} should have {size} bytes and the bucket holds {held}")
        if is_new and not self._is_held(key, sha256):
            raise StoreFault(f"the bucket holds other bytes than were sent under {sha256}")
        source.unlink()
        return Kept(sha256=sha256, size=size, is_new=is_new)

    def open(self, sha256: str) -> BinaryIO:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key_of(sha256))
        except ClientError as error:
            raise _plain(error, sha256) from error
        return cast(BinaryIO, answer["Body"])

    def exists(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except FileNotFoundError:
            return False
        return True

    def size(self, sha256: str) -> int:
        try:
            return self._client.head_object(Bucket=self._bucket, Key=key_of(sha256))[
                "ContentLength"
            ]
        except ClientError as error:
            raise _plain(error, sha256) from error

    def path(self, sha256: str) -> Path | None:
        self.size(sha256)
        return None

    def walk(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        for page in pages:
            for entry in page.get("Contents", []):
                if found := _NAME.fullmatch(entry["Key"]):
                    yield found[1]

    def _send(self, source: Path, *, key: str, sha256: str, size: int) -> None:
        if size <= _PART:
            digest = base64.b64encode(bytes.fromhex(sha256)).decode()
            with source.open("rb") as body:
                self._client.put_object(
                    Bucket=self._bucket, Key=key, Body=body, ChecksumSHA256=digest
                )
            return
        config = TransferConfig(
            multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=4
        )
        self._client.upload_file(str(source), self._bucket, key, Config=config)

    def _is_held(self, key: str, sha256: str) -> bool:
        answer = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        if answer.get("ChecksumSHA256") == base64.b64encode(bytes.fromhex(sha256)).decode():
            return True
        # Sent in parts, or an endpoint without checksums: the only proof left is to read the bytes
        # back.
        digest = hashlib.sha256()
        with self.open(sha256) as body:
            while block := body.read(1024**2):
                digest.update(block)
        return digest.hexdigest() == sha256


def _plain(error: ClientError, sha256: str) -> Exception:
    if error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey", "NotFound"}:
        return FileNotFoundError(sha256)
    return error
