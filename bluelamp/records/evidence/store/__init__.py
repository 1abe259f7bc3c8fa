"""The evidence store: bytes under their own SHA-256, written once.

In: bytes, in blocks, through `stage()`. Out: the same bytes, by hash. Staged: received and being
hashed, invisible to readers. Kept: durable, under its hash, never changed again. It must never
overwrite, alter or delete kept bytes, nor say "kept" before they would survive a power cut. It
knows nothing of items, people or permissions: commands decide who may ask.
"""

from functools import lru_cache

from django.conf import settings

from bluelamp.records.evidence.store.contract import Kept, Store, StoreFault
from bluelamp.records.evidence.store.folder import FolderStore
from bluelamp.records.evidence.store.staged import Staged

__all__ = ["FolderStore", "Kept", "Staged", "Store", "StoreFault", "current_store"]


def current_store() -> Store:
    """Return the store this process keeps evidence in: S3 where BLUELAMP_S3_BUCKET is set, else a
    folder.
    """
    return _store(
        str(settings.BLUELAMP_VAR), settings.BLUELAMP_S3_ENDPOINT, settings.BLUELAMP_S3_BUCKET
    )


@lru_cache(maxsize=8)
def _store(var: str, endpoint: str, bucket: str) -> Store:
    from pathlib import Path

    root = Path(var) / "evidence"
    if not bucket:
        return FolderStore(root)
    from bluelamp.records.evidence.store.s3 import S3Store  # boto3 takes 0.3 s to import

    return S3Store(root, endpoint=endpoint, bucket=bucket)
