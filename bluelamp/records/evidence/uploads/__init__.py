"""Receive large files: tus 1.0.0 at `/uploads/`, streamed to disk while they are hashed.

Requests come in with an upload token and bring a file in chunks; out goes an evidence item, made by
`bluelamp.records.evidence.commands`. From the top down:

    app: HTTP. Which request does what, and which answer each error gets.
    protocol: the headers of tus, as pure functions.
    lifecycle: an upload from its creation to the item made of it.
    chunk_stream: one chunk, from the network to the disk.
    spool: the bytes on disk, and the journal of what is durable.
    process_state: everything that one server process remembers between requests.

A *chunk* is the body of one PATCH. Its bytes count once they are durable: fsynced, with their
offset and the hash of everything before it in the journal. This package never acknowledges a byte
that a power cut could take back, never holds a whole chunk in memory, and never holds a thread
while a slow sender is silent. It decides nothing about evidence.
"""

from bluelamp.records.evidence.uploads.app import application

__all__ = ["application"]
