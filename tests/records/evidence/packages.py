"""A small good package for tests, made without a database: two exhibits, a document, a message."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.merkle_log import merkle
from bluelamp.foundation.kernel.merkle_log.checkpoint import Checkpoint, SignerKey, sign_checkpoint
from bluelamp.records.evidence.bag import SIGNED_MANIFEST, STAMPED_FILES, SealFiles, write_bag
from bluelamp.records.evidence.sealing import ProvenEntry, build_seal, sign_files
from sandbox.tsa import Authority

KEY = SignerKey(
    name="bluelamp/continuity", private_key=Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
)
URN = "01ZD0000126"
FORCE_NAME = "Metropolitan Police Service"
INFO = {
    "Source-Organization": FORCE_NAME,
    "External-Identifier": URN,
    "Bagging-Date": "2026-03-03",
}


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


def make_package(
    folder: Path,
    *,
    tsa: Path,
    case_changes: dict[str, object] | None = None,
    key: SignerKey = KEY,
) -> Path:
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
    case: dict[str, object] = {
        "urn": URN,
        "force_name": FORCE_NAME,
        "exhibits": listed,
        "documents": documents,
    }
    case |= case_changes or {}
    files["data/case.json"] = json.dumps(case, ensure_ascii=False).encode()
    write_bag(folder=folder, files=files, info=INFO, seal=sealer(entries, tsa, key=key))
    return folder


def sealer(
    entries: dict[UUID, list[dict[str, object]]], tsa: Path, *, key: SignerKey = KEY
) -> SealFiles:
    """Return what `write_bag` needs to seal a package: the entries in a log, signed and stamped."""

    def seal_files(own_files: Mapping[str, bytes]) -> dict[str, bytes]:
        files = seal(entries, tsa, own_files=own_files, key=key)
        return {**files, SIGNED_MANIFEST: sign_files({**own_files, **files}, key=key)}

    return seal_files


def package_entry(own_files: Mapping[str, bytes]) -> bytes:
    """Return the log's entry about a package, as `SealedPackage` writes it."""
    info = own_files["bag-info.txt"].decode().splitlines()
    return _canonical(
        {
            "id": str(new_id()),
            "package": dict(line.split(": ", 1) for line in info)["External-Identifier"],
            "at": "2026-03-03T16:20:00+00:00",
            "files": {path: hashlib.sha512(own_files[path]).hexdigest() for path in STAMPED_FILES},
        }
    )


def seal(
    entries: dict[UUID, list[dict[str, object]]],
    tsa: Path,
    *,
    own_files: Mapping[str, bytes],
    key: SignerKey = KEY,
) -> dict[str, bytes]:
    """Put the entries into a log among others, sign and stamp it, and return the seal's files
    without the signature over them.
    """
    package = package_entry(own_files)
    canonical = {
        item: [_canonical(entry) for entry in item_entries]
        for item, item_entries in entries.items()
    }
    lines = [
        b"someone else's entry",
        *(line for item_lines in canonical.values() for line in item_lines),
        package,
        b"and another",
    ]
    nodes = merkle.append(
        size=0,
        leaves=[merkle.leaf_hash(line) for line in lines],
        get_node=merkle.make_node_getter({}),
    )
    get_node = merkle.make_node_getter(nodes)
    root = merkle.root(size=len(lines), get_node=get_node)
    note = sign_checkpoint(
        Checkpoint(origin=key.name, size=len(lines), root=root), key=key
    ).encode()

    def prove(line: bytes) -> ProvenEntry:
        index = lines.index(line)
        hashes = merkle.inclusion_proof(index=index, size=len(lines), get_node=get_node)
        return ProvenEntry(entry=line, index=index, hashes=hashes)

    return build_seal(
        note=note,
        items={
            item: [prove(line) for line in item_lines] for item, item_lines in canonical.items()
        },
        package=prove(package),
        response=stamp(note, tsa),
        key=key.verifier,
    )


def _canonical(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
