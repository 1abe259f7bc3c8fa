"""Make a package's seal: proofs that its items' continuity is in the signed log, and a time stamp
over that log.

`build_seal` and `sign_manifest` are pure; `seal_items` and `write_sealed_bag` read and grow the
continuity log.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import httpx
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from bluelamp.foundation.kernel import log
from bluelamp.foundation.kernel.checkpoint import (
    Checkpoint,
    SignerKey,
    VerifierKey,
    open_checkpoint,
    sign_note,
)
from bluelamp.records.evidence.bag import write_bag
from bluelamp.records.evidence.verify.check import Unreadable
from bluelamp.records.evidence.verify.seal import MANIFEST_NOTE
from bluelamp.records.evidence.verify.timestamp import Stamp, open_stamp

LOG: log.LogName = "continuity"
STAMP_TIMEOUT = 10.0


class StampUnavailable(Exception):
    """The time-stamping authority gave no stamp that holds; the message says why, in one
    sentence.
    """


@dataclass(frozen=True)
class ProvenEntry:
    """A continuity entry as written (canonical JSON), its place in the log, and its inclusion
    proof.
    """

    entry: bytes
    index: int
    hashes: Sequence[bytes]


def build_seal(
    *, note: bytes, items: Mapping[UUID, Sequence[ProvenEntry]], response: bytes, key: VerifierKey
) -> dict[str, bytes]:
    """Return the files under seal/ by path.

    Args:
        note: the signed checkpoint that every proof leads to.
        items: each item's entries, all of them, from sequence 1 up.
        response: the time-stamping authority's answer over `note`, with its certificates.
        key: the log's public key.
    """
    checkpoint = open_checkpoint(note, keys=[key])
    chain = open_stamp(response, over=note).certificates
    files = {
        "seal/checkpoint": note,
        "seal/keys": f"{key}\n".encode(),
        "seal/timestamp.tsr": response,
        "seal/tsa-chain.pem": b"".join(each.public_bytes(Encoding.PEM) for each in chain),
    }
    return files | {
        f"seal/proofs/{item}.json": _proofs(item, entries, checkpoint)
        for item, entries in items.items()
    }


def sign_manifest(manifest: bytes, *, key: SignerKey) -> bytes:
    """Return the signed note over a package's manifest-sha512.txt, kept as seal/manifest."""
    return sign_note(
        MANIFEST_NOTE.format(digest=hashlib.sha512(manifest).hexdigest()), key=key
    ).encode()


def seal_items(
    *,
    items: Mapping[UUID, Sequence[tuple[UUID, bytes]]],
    at: datetime,
    stamp: Callable[[bytes], bytes] | None = None,
) -> dict[str, bytes]:
    """Bring the items' continuity into the log, sign and stamp it, and return the files under
    seal/.

    Call it outside a transaction where there is a choice: inside one, others wait for the log until
    it ends.

    Args:
        items: for each item, its entries (row id and canonical JSON) from sequence 1 up.
        stamp: what to ask for a time stamp; the authority in the settings by default.

    Raises:
        StampUnavailable: if there is no time stamp to be had; nothing of the package is made then.
        LogBroken: if the log was changed behind the program's back.
    """
    entries = [entry for each in items.values() for entry in each]
    log.integrate(log=LOG, entries=entries)
    checkpoint = log.sign_checkpoint(log=LOG, at=at)
    stamped = log.stamp_checkpoint(checkpoint=checkpoint, stamp=stamp or request_stamp, at=at)
    proofs = log.prove_all(
        log=LOG, entry_ids=[entry_id for entry_id, _ in entries], size=checkpoint.size
    )
    return build_seal(
        note=checkpoint.note.encode(),
        items={
            item: [
                ProvenEntry(
                    entry=entry, index=proofs[entry_id].index, hashes=proofs[entry_id].hashes
                )
                for entry_id, entry in each
            ]
            for item, each in items.items()
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
    """Write a package into `folder`: payload `files` by path (`data/…`), sealed; see `write_bag`
    and `seal_items`.
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
    """Ask the authority at `url` (BLUELAMP_TSA_URL if empty) to stamp `note`; return its answer
    (RFC 3161, 3.4).

    The answer is checked before it is believed: it must stamp this note, repeat our nonce, and
    carry its certificates.

    Raises:
        StampUnavailable: if there is no authority, no answer, or one that does not hold.
    """
    url = url or settings.BLUELAMP_TSA_URL
    if not url:
        raise StampUnavailable("No time-stamping authority is set: BLUELAMP_TSA_URL is empty.")
    nonce = secrets.randbits(63)
    query = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(note).digest(),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    try:
        answer = httpx.post(
            url,
            content=query.dump(),
            headers={"Content-Type": "application/timestamp-query"},
            timeout=STAMP_TIMEOUT,
        )
        answer.raise_for_status()
        stamp: Stamp = open_stamp(answer.content, over=note)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StampUnavailable(
            f"The time-stamping authority did not answer ({type(error).__name__})."
        ) from error
    except Unreadable as error:
        raise StampUnavailable(
            f"The time-stamping authority's answer does not hold: {error}"
        ) from error
    if stamp.nonce != nonce:
        raise StampUnavailable(
            "The time-stamping authority answered another question: the nonce differs."
        )
    return answer.content


def _proofs(item: UUID, entries: Sequence[ProvenEntry], checkpoint: Checkpoint) -> bytes:
    return json.dumps(
        {
            "item": str(item),
            "log": checkpoint.origin,
            "size": checkpoint.size,
            "entries": [
                {
                    "entry": each.entry.decode(),
                    "index": each.index,
                    "proof": [digest.hex() for digest in each.hashes],
                }
                for each in entries
            ],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
