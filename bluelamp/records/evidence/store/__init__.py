"""The evidence store: bytes under their own SHA-256, written once.

In: bytes, in blocks, through `stage()`. Out: the same bytes, by hash. *Staged* bytes are received
and hashed, and readers cannot see them. *Stored* bytes are durable, under their hash, and never
change again. The store must never overwrite, alter or delete stored bytes, nor say that bytes are
stored before they would survive a power cut. It knows nothing of items, people or permissions:
commands decide who may ask.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bluelamp.records.evidence.store.blobs import StoredBlob, StoreError
from bluelamp.records.evidence.store.contract import Store
from bluelamp.records.evidence.store.folder import FolderStore
from bluelamp.records.evidence.store.staged import StagedFile

__all__ = ["FolderStore", "StagedFile", "Store", "StoreError", "StoredBlob", "current_store"]


def current_store() -> Store:
    """Return the store for this process: S3 where BLUELAMP_S3_BUCKET is set, else a folder."""
    return _store_for(
        str(settings.BLUELAMP_VAR), settings.BLUELAMP_S3_ENDPOINT, settings.BLUELAMP_S3_BUCKET
    )


@lru_cache(maxsize=8)
def _store_for(var: str, endpoint: str, bucket: str) -> Store:
    root = Path(var) / "evidence"
    if not bucket:
        return FolderStore(root)
    # Only where it is used: boto3 takes 0.3 s to import.
    from bluelamp.records.evidence.store.s3 import S3Store

    return S3Store(root, endpoint=endpoint, bucket=bucket)
