"""Evidence in an S3-compatible bucket, behind the same interface.

It does not prove yet that the bucket has object lock.
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

from bluelamp.records.evidence.store.blobs import StoredBlob, StoreError, storage_key
from bluelamp.records.evidence.store.staged import StagedFile

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_PART_BYTES = 64 * 1024**2
_READ_BYTES = 1024**2
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")


class S3Store:
    """A store in one bucket; bytes are received and hashed in a local folder first.

    It does not believe what the endpoint answers. After each upload the size must equal ours, and
    so must the hash, as the endpoint computed it or as we read it back. Credentials come from
    boto3's usual places.
    """

    def __init__(self, root: Path, *, endpoint: str, bucket: str) -> None:
        self.incoming_folder = root / "incoming"
        self.incoming_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._bucket = bucket
        self._client: S3Client = boto3.client("s3", endpoint_url=endpoint or None)

    def stage(self) -> StagedFile:
        return StagedFile(self, self.incoming_folder)

    def put(self, source: Path, *, sha256: str, size: int) -> StoredBlob:
        key = storage_key(sha256)
        is_new = not self.exists(sha256)
        if is_new:
            self._upload(source, key=key, sha256=sha256, size=size)
        # Also where it was there before: nobody may trust a name alone.
        if (stored_size := self.size(sha256)) != size:
            raise StoreError(f"{sha256} should have {size} bytes but the bucket has {stored_size}")
        if is_new and not self._has_hash(key, sha256):
            raise StoreError(f"the bucket stored other bytes than were sent under {sha256}")
        # Last: until the bucket has shown what it stored, this is the only copy.
        source.unlink()
        return StoredBlob(sha256=sha256, size=size, is_new=is_new)

    def open(self, sha256: str) -> BinaryIO:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=storage_key(sha256))
        except ClientError as error:
            raise _translate_error(error, sha256) from error
        return cast(BinaryIO, answer["Body"])

    def exists(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except FileNotFoundError:
            return False
        return True

    def size(self, sha256: str) -> int:
        try:
            return self._client.head_object(Bucket=self._bucket, Key=storage_key(sha256))[
                "ContentLength"
            ]
        except ClientError as error:
            raise _translate_error(error, sha256) from error

    def path(self, sha256: str) -> Path | None:
        self.size(sha256)  # raises FileNotFoundError, as the contract says
        return None

    def walk_hashes(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        for page in pages:
            for entry in page.get("Contents", []):
                if match := _KEY.fullmatch(entry["Key"]):
                    yield match[1]

    def _upload(self, source: Path, *, key: str, sha256: str, size: int) -> None:
        if size <= _PART_BYTES:
            digest = base64.b64encode(bytes.fromhex(sha256)).decode()
            with source.open("rb") as body:
                self._client.put_object(
                    Bucket=self._bucket, Key=key, Body=body, ChecksumSHA256=digest
                )
            return
        config = TransferConfig(
            multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES, max_concurrency=4
        )
        self._client.upload_file(str(source), self._bucket, key, Config=config)

    def _has_hash(self, key: str, sha256: str) -> bool:
        answer = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        if answer.get("ChecksumSHA256") == base64.b64encode(bytes.fromhex(sha256)).decode():
            return True
        # The file went in parts, or the endpoint has no checksums. The only proof left is to read
        # the bytes back.
        digest = hashlib.sha256()
        with self.open(sha256) as body:
            while block := body.read(_READ_BYTES):
                digest.update(block)
        return digest.hexdigest() == sha256


def _translate_error(error: ClientError, sha256: str) -> Exception:
    """Return FileNotFoundError where the bucket has no such object, else the error itself."""
    # HEAD has no body to name the error in, so it comes as a bare 404.
    if error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey", "NotFound"}:
        return FileNotFoundError(sha256)
    return error
