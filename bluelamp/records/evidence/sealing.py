"""Make a package's seal: proofs that its items' continuity is in the signed log, and a time stamp.

`build_seal` and `sign_manifest` are pure. `seal_items` and `write_sealed_bag` read the continuity
log and add to it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    Checkpoint,
    SignerKey,
    VerifierKey,
    open_checkpoint,
    sign_note,
)
from bluelamp.foundation.kernel.merkle_log.proofs import prove_all
from bluelamp.records.evidence.bag import write_bag
from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.seal import MANIFEST_NOTE
from bluelamp.records.evidence.verify.timestamp import check_chain, is_self_signed, open_stamp

LOG: log.LogName = "continuity"
STAMP_TIMEOUT_SECONDS = 10.0


class StampUnavailable(Exception):
    """The time-stamping authority gave no good stamp. The message says why, in one sentence."""


@dataclass(frozen=True)
class ProvenEntry:
    """A continuity entry as written (canonical JSON), its index in the log, and its proof."""

    entry: bytes
    index: int
    hashes: Sequence[bytes]


def build_seal(
    *, note: bytes, items: Mapping[UUID, Sequence[ProvenEntry]], response: bytes, key: VerifierKey
) -> dict[str, bytes]:
    """Return the files under seal/ by path.

    Args:
        note: The signed checkpoint that every proof leads to.
        items: The entries of each item, all of them, from sequence 1 up.
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
    }
    for item_id, entries in items.items():
        files[f"seal/proofs/{item_id}.json"] = _proofs_json(item_id, entries, checkpoint)
    return files


def sign_manifest(manifest: bytes, *, key: SignerKey) -> bytes:
    """Return the signed note over a package's manifest-sha512.txt, which becomes seal/manifest."""
    return sign_note(
        MANIFEST_NOTE.format(digest=hashlib.sha512(manifest).hexdigest()), key=key
    ).encode()


def seal_items(
    *,
    items: Mapping[UUID, Sequence[tuple[UUID, bytes]]],
    at: datetime,
    stamp: Callable[[bytes], bytes] | None = None,
) -> dict[str, bytes]:
    """Add the items' continuity to the log, sign and stamp it, and return the files under seal/.

    Call it outside a transaction where you can. Inside one, everybody else waits for the log until
    the transaction ends.

    Args:
        items: The entries of each item (row id and canonical JSON), from sequence 1 up.
        stamp: A function that asks for a time stamp; by default the authority in the settings.

    Raises:
        StampUnavailable: There is no good time stamp. Nothing of the package is made then.
        LogBroken: The log was changed behind the program's back.
    """
    all_entries = [entry for entries in items.values() for entry in entries]
    log.integrate(log=LOG, entries=all_entries)
    checkpoint = log.sign_checkpoint(log=LOG, at=at)
    stamped = log.stamp_checkpoint(checkpoint=checkpoint, stamp=stamp or request_stamp, at=at)
    proofs = prove_all(
        log=LOG, entry_ids=[entry_id for entry_id, _ in all_entries], size=checkpoint.size
    )
    return build_seal(
        note=checkpoint.note.encode(),
        items={
            item_id: [
                ProvenEntry(
                    entry=canonical, index=proofs[entry_id].index, hashes=proofs[entry_id].hashes
                )
                for entry_id, canonical in entries
            ]
            for item_id, entries in items.items()
        },
        response=bytes(stamped.response),
        key=log.signer(LOG).verifier,
    )


def write_sealed_bag(
    *,
    folder: Path,
    files: Mapping[str, bytes | Path],
    info: Mapping[str, str],
    items: Mapping[UUID, Sequence[tuple[UUID, bytes]]],
    at: datetime,
    stamp: Callable[[bytes], bytes] | None = None,
) -> None:
    """Write a sealed package into `folder`.

    Args:
        files: The payload by path (`data/…`); see `write_bag`.
        info: The lines of bag-info.txt; see `write_bag`.
        items, at, stamp: As in `seal_items`.

    Raises:
        StampUnavailable, LogBroken: As `seal_items`.
        ValueError, FileExistsError: As `write_bag`.
    """
    seal = seal_items(items=items, at=at, stamp=stamp)
    key = log.signer(LOG)
    write_bag(
        folder=folder,
        files={**files, **seal},
        info=info,
        sign=lambda manifest: sign_manifest(manifest, key=key),
    )


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
        roots = [certificate for certificate in stamp.certificates if is_self_signed(certificate)]
        check_chain(stamp, enclosed=(), roots=roots)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StampUnavailable(
            f"The time-stamping authority did not answer ({type(error).__name__})."
        ) from error
    except Unreadable as error:
        raise StampUnavailable(
            f"The time-stamping authority's answer is not good: {error}"
        ) from error
    return answer.content


def _proofs_json(item_id: UUID, entries: Sequence[ProvenEntry], checkpoint: Checkpoint) -> bytes:
    return json.dumps(
        {
            "item": str(item_id),
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
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
