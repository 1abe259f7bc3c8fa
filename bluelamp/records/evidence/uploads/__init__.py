"""The door for large files: tus 1.0.0 at `/uploads/`, streamed to disk while it is hashed.

In: pieces of a file, each request with an upload token. Out: an evidence item, made by `commands`.
Words: a *piece* is the body of one PATCH; its bytes count only once they are *saved*: fsynced, and
the offset with the hash of everything before it in the journal beside them. It must never
acknowledge a byte that a power cut could take back, hold a whole piece in memory, or hold a thread
while a slow sender is silent. It decides nothing about evidence.
"""

from bluelamp.records.evidence.uploads.door import application

__all__ = ["application"]
