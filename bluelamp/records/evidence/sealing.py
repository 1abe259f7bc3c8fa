"""Make a package's seal: proofs that its items' continuity and the lists of its files are in the
signed log, a time stamp over that log, and a signature over every file outside `data/`.

`build_seal` and `sign_files` are pure. `seal_package` and `write_sealed_bag` write to the
continuity log.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    Checkpoint,
    SignerKey,
    VerifierKey,
    open_checkpoint,
    sign_note,
)
from bluelamp.foundation.kernel.merkle_log.key_rotation import signer
from bluelamp.foundation.kernel.merkle_log.proofs import prove_all
from bluelamp.records.evidence.bag import SIGNED_MANIFEST, STAMPED_FILES, write_bag
from bluelamp.records.evidence.commands.published_keys import publish_sealing_keys
from bluelamp.records.evidence.commands.seal import record_sealed_package
from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.seal import PACKAGE_PROOF, note_text
from bluelamp.records.evidence.verify.timestamp import (
    Stamp,
    check_chain,
    is_self_signed,
    open_stamp,
)

LOG: log.LogName = "continuity"
STAMP_TIMEOUT_SECONDS = 10.0
Entry = tuple[UUID, bytes]
"""The id of a row and its canonical JSON, as the log has it."""


class StampUnavailable(Exception):
    """The time-stamping authority gave no good stamp. The message says why, in one sentence."""


@dataclass(frozen=True)
class ProvenEntry:
    """An entry of the log as written (canonical JSON), its index in the log, and its proof."""

    entry: bytes
    index: int
    hashes: Sequence[bytes]


def build_seal(
    *,
    note: bytes,
    items: Mapping[UUID, Sequence[ProvenEntry]],
    package: ProvenEntry,
    response: bytes,
    key: VerifierKey,
) -> dict[str, bytes]:
    """Return the files under seal/ by path, without the signature over them.

    Args:
        note: The signed checkpoint that every proof leads to.
        items: The entries of each item, all of them, from sequence 1 up.
        package: The entry that names the package's manifests and bag-info.txt.
        response: The time-stamping authority's answer over `note`, with its certificates.
        key: The log's public key.
    """
    checkpoint = open_checkpoint(note, keys=[key])
    chain = open_stamp(response, over=note).certificates
    files = {
        "seal/checkpoint": note,
        "seal/keys": f"{key}\n".encode(),
        "seal/timestamp.tsr": response,
        "seal/tsa-chain.pem": b"".join(
            certificate.public_bytes(Encoding.PEM) for certificate in chain
        ),
        PACKAGE_PROOF: _proofs_json({}, [package], checkpoint),
    }
    for item_id, entries in items.items():
        files[f"seal/proofs/{item_id}.json"] = _proofs_json(
            {"item": str(item_id)}, entries, checkpoint
        )
    return files


def sign_files(files: Mapping[str, bytes], *, key: SignerKey) -> bytes:
    """Return the signed note over files, which becomes seal/manifest: a SHA-512 and a path a line.

    Args:
        files: Every file outside data/ but the note itself and the tag manifests, which list it.
    """
    digests = {path: hashlib.sha512(content).hexdigest() for path, content in files.items()}
    return sign_note(note_text(digests), key=key).encode()


def seal_package(
    *,
    package: Entry,
    items: Mapping[UUID, Sequence[Entry]],
    at: datetime,
    stamp: Callable[[bytes], bytes] | None = None,
) -> dict[str, bytes]:
    """Add a package and its items' continuity to the log, sign and stamp it, and return the files
    under seal/, without the signature over them.

    Call it outside a transaction where you can. Inside one, everybody else waits for the log until
    the transaction ends.

    Args:
        package: The entry of the package.
        items: The entries of each item, from sequence 1 up.
        stamp: A function that asks for a time stamp; by default the authority in the settings.

    Raises:
        StampUnavailable: There is no good time stamp. Nothing of the package is made then.
        LogBroken: The log was changed behind the program's back.
    """
    all_entries = [package, *(entry for entries in items.values() for entry in entries)]
    log.integrate(log=LOG, entries=all_entries)
    checkpoint = log.sign_checkpoint(log=LOG, at=at)
    stamped = log.stamp_checkpoint(checkpoint=checkpoint, stamp=stamp or request_stamp, at=at)
    proofs = prove_all(
        log=LOG, entry_ids=[entry_id for entry_id, _ in all_entries], size=checkpoint.size
    )

    def prove(entry: Entry) -> ProvenEntry:
        entry_id, canonical = entry
        return ProvenEntry(
            entry=canonical, index=proofs[entry_id].index, hashes=proofs[entry_id].hashes
        )

    return build_seal(
        note=checkpoint.note.encode(),
        items={item_id: [prove(entry) for entry in entries] for item_id, entries in items.items()},
        package=prove(package),
        response=bytes(stamped.response),
        key=signer(LOG).verifier,
    )


def write_sealed_bag(
    *,
    folder: Path,
    files: Mapping[str, bytes | Path],
    info: Mapping[str, str],
    items: Mapping[UUID, Sequence[Entry]],
    force: str,
    at: datetime,
    stamp: Callable[[bytes], bytes] | None = None,
    on_written: Callable[[int], None] = lambda _: None,
) -> None:
    """Write a sealed package into `folder`.

    Args:
        files: The payload by path (`data/…`); see `write_bag`.
        info: The lines of bag-info.txt, `External-Identifier` among them; see `write_bag`.
        items, at, stamp: As in `seal_package`.
        on_written: As in `write_bag`.
        force: The code of the force whose package it is.

    Raises:
        StampUnavailable, LogBroken: As `seal_package`.
        ValueError, FileExistsError: As `write_bag`.
    """
    key = signer(LOG)
    sealer = Actor.system("package sealer", force=force, permissions={"evidence.seal"})

    def seal(own_files: Mapping[str, bytes]) -> dict[str, bytes]:
        package = record_sealed_package(
            actor=sealer,
            at=at,
            name=info["External-Identifier"],
            files={name: hashlib.sha512(own_files[name]).hexdigest() for name in STAMPED_FILES},
        )
        seal_files = seal_package(package=package, items=items, at=at, stamp=stamp)
        # The key may be rotated between the two signatures. A package has one key.
        if seal_files["seal/keys"].decode() != f"{key.verifier}\n":
            raise log.LogBroken("The log's key was replaced at this moment. Build the file again.")
        stamp_response, note = seal_files["seal/timestamp.tsr"], seal_files["seal/checkpoint"]
        root = _root_of(open_stamp(stamp_response, over=note))
        publish_sealing_keys(actor=sealer, at=at, log_key=str(key.verifier), tsa_root=root)
        seal_files[SIGNED_MANIFEST] = sign_files({**own_files, **seal_files}, key=key)
        return seal_files

    write_bag(folder=folder, files=files, info=info, seal=seal, on_written=on_written)


def request_stamp(note: bytes, *, url: str = "") -> bytes:
    """Ask an authority to stamp `note`, and return its answer (RFC 3161, 3.4).

    Args:
        url: The authority's address; BLUELAMP_TSA_URL if empty.

    Raises:
        StampUnavailable: There is no authority or no answer; or the answer does not stamp this
            note, does not repeat our nonce, or does not prove itself with its own certificates.
    """
    url = url or settings.BLUELAMP_TSA_URL
    if not url:
        raise StampUnavailable("No time-stamping authority is set: BLUELAMP_TSA_URL is empty.")
    request = (
        TimestampRequestBuilder()
        .data(note)
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    try:
        answer = httpx.post(
            url,
            content=request.as_bytes(),
            headers={"Content-Type": "application/timestamp-query"},
            timeout=STAMP_TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
        stamp = open_stamp(answer.content, over=note)
        # An old answer to the same question would bring an old time.
        if stamp.nonce != request.nonce:
            raise Unreadable("it answers another request, because the nonce differs.")
        # A package that cannot be proven by what is in it would fail its own checks later.
        _root_of(stamp)
    # An operator may have mistyped the address, and an InvalidURL is no HTTPError.
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StampUnavailable(
            f"The time-stamping authority did not answer ({type(error).__name__})."
        ) from error
    except Unreadable as error:
        raise StampUnavailable(
            f"The time-stamping authority's answer is not good: {error}"
        ) from error
    return answer.content


def _root_of(stamp: Stamp) -> str:
    """Return the root that a stamp's own certificates lead to, in PEM. Raises Unreadable."""
    roots = [certificate for certificate in stamp.certificates if is_self_signed(certificate)]
    return check_chain(stamp, enclosed=(), roots=roots).public_bytes(Encoding.PEM).decode()


def _proofs_json(
    subject: Mapping[str, str], entries: Sequence[ProvenEntry], checkpoint: Checkpoint
) -> bytes:
    body: dict[str, Any] = {
        **subject,
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "entries": [
            {
                "entry": proven.entry.decode(),
                "index": proven.index,
                "proof": [digest.hex() for digest in proven.hashes],
            }
            for proven in entries
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()
