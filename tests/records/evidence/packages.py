"""A small good package for tests, made without a database: two exhibits, a document, a message."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.merkle_log import merkle
from bluelamp.foundation.kernel.merkle_log.checkpoint import Checkpoint, SignerKey, sign_checkpoint
from bluelamp.records.evidence.bag import write_bag
from bluelamp.records.evidence.sealing import ProvenEntry, build_seal, sign_manifest
from sandbox.tsa import Authority

KEY = SignerKey(
    name="bluelamp/continuity", private_key=Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
)
INFO = {"Source-Organization": "Metropolitan Police Service", "Bagging-Date": "2026-03-03"}


@dataclass
class Exhibit:
    """An exhibit to put in a package."""

    reference: str
    filename: str
    content: bytes
    item: UUID

    def continuity(self) -> list[dict[str, object]]:
        """Return its entries: received, sealed, exhibited, handed over."""
        return [
            {
                "id": str(new_id()),
                "item": str(self.item),
                "sequence": number,
                "verb": verb,
                "at": f"2026-03-03T16:1{number}:00+00:00",
                "by": str(new_id()),
                "by_name": "PC Ada Okafor",
                "from": "",
                "to": "",
                "why": "Recorded at the scene – “as found”",
                "sha256": hashlib.sha256(self.content).hexdigest(),
                "detail": {},
            }
            for number, verb in enumerate(["received", "sealed", "exhibited", "handed_over"], 1)
        ]


def stamp_request(note: bytes) -> bytes:
    """Return a request to stamp a note, in DER."""
    return (
        TimestampRequestBuilder()
        .data(note)
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
        .as_bytes()
    )


def stamp(note: bytes, folder: Path) -> bytes:
    """Have the sandbox's authority stamp a note, without a network."""
    return Authority.in_folder(folder).respond(stamp_request(note))


def make_package(folder: Path, *, tsa: Path, case_changes: dict[str, object] | None = None) -> Path:
    """Write a good package into `folder`; `case_changes` go into case.json before it is sealed."""
    exhibits = [
        Exhibit("AB/1", "IMG_0001.jpg", b"\xff\xd8\xff" + b"a photo" * 40, new_id()),
        Exhibit("AB/2", "door – café.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(300), new_id()),
    ]
    document = b"%PDF-1.7 a statement"
    files: dict[str, bytes | Path] = {
        "data/documents/MG11-Ada-Okafor.pdf": document,
        "data/messages/NewCase.xml": b"<?xml version='1.0'?><NewCase/>",
        "data/provenance.jsonld": b'{"@graph":[]}',
    }
    listed, entries = [], dict[UUID, list[dict[str, object]]]()
    for exhibit in exhibits:
        path = f"data/exhibits/{exhibit.reference.replace('/', '-')}/original/{exhibit.filename}"
        files[path] = exhibit.content
        entries[exhibit.item] = exhibit.continuity()
        listed.append(
            {
                "reference": exhibit.reference,
                "item_id": str(exhibit.item),
                "sha256": hashlib.sha256(exhibit.content).hexdigest(),
                "size": len(exhibit.content),
                "original": path,
                "continuity": entries[exhibit.item],
            }
        )
    documents = [
        {
            "path": "data/documents/MG11-Ada-Okafor.pdf",
            "sha256": hashlib.sha256(document).hexdigest(),
        }
    ]
    case = {"exhibits": listed, "documents": documents} | (case_changes or {})
    files["data/case.json"] = json.dumps(case, ensure_ascii=False).encode()
    write_bag(
        folder=folder,
        files={**files, **seal(entries, tsa)},
        info=INFO,
        sign=lambda manifest: sign_manifest(manifest, key=KEY),
    )
    return folder


def seal(entries: dict[UUID, list[dict[str, object]]], tsa: Path) -> dict[str, bytes]:
    """Put the entries into a log among others, sign and stamp it, and return the seal."""
    canonical = {
        item: [_canonical(entry) for entry in item_entries]
        for item, item_entries in entries.items()
    }
    lines = [
        b"someone else's entry",
        *(line for item_lines in canonical.values() for line in item_lines),
        b"and another",
    ]
    nodes = merkle.append(
        size=0, leaves=[merkle.leaf_hash(line) for line in lines], get_node=merkle.getter({})
    )
    get_node = merkle.getter(nodes)
    root = merkle.root(size=len(lines), get_node=get_node)
    note = sign_checkpoint(
        Checkpoint(origin=KEY.name, size=len(lines), root=root), key=KEY
    ).encode()
    proven = {
        item: [
            ProvenEntry(
                entry=line,
                index=lines.index(line),
                hashes=merkle.inclusion_proof(
                    index=lines.index(line), size=len(lines), get_node=get_node
                ),
            )
            for line in item_lines
        ]
        for item, item_lines in canonical.items()
    }
    return build_seal(note=note, items=proven, response=stamp(note, tsa), key=KEY.verifier)


def _canonical(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
