"""Check the seal: the log's checkpoint, each item's entries in it, the manifest and the stamp."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from bluelamp.foundation.kernel.check import Check
from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    BadNote,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
    open_note,
)
from bluelamp.foundation.kernel.merkle_log.merkle import leaf_hash, verify_inclusion
from bluelamp.records.evidence.bag import SIGNED_MANIFEST
from bluelamp.records.evidence.verify.check import Unreadable, failure, success
from bluelamp.records.evidence.verify.source import Source, read_file
from bluelamp.records.evidence.verify.timestamp import (
    Stamp,
    check_chain,
    is_self_signed,
    load_certificates,
    open_stamp,
)

ORIGIN = "bluelamp/continuity"
MANIFEST_NOTE = "bluelamp/package manifest-sha512.txt\n{digest}\n"
_MAX_SEAL_FILE_BYTES = 1 << 20


@dataclass
class Seal:
    """What the seal proves: the continuity entries of each item, in order, by the item's id."""

    continuity: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def check_seal(
    source: Source,
    seal: Seal,
    *,
    log_key: VerifierKey | None,
    tsa_roots: Sequence[x509.Certificate] | None,
) -> Iterator[Check]:
    """Check everything under seal/. Fills in `seal` with what is proven.

    Args:
        log_key: The log's public key as the reader has it, or None to use the enclosed one.
        tsa_roots: The roots that the reader trusts, or None to use the enclosed ones.
    """
    enclosed_key = None
    try:
        enclosed_key = _read_enclosed_key(source)
        yield _check_key(enclosed_key, log_key)
    except (Unreadable, BadNote, UnicodeDecodeError) as error:
        yield failure("seal/keys", str(error))
    key = log_key or enclosed_key
    if key is None:
        yield failure("seal/checkpoint", "There is no key to check its signature with.")
        return
    note, checkpoint = b"", None
    try:
        note = read_file(source, "seal/checkpoint", limit=_MAX_SEAL_FILE_BYTES)
        checkpoint = open_checkpoint(note, keys=[key])
        if checkpoint.origin != ORIGIN:
            raise Unreadable(f"It is the checkpoint of {checkpoint.origin}, not of {ORIGIN}.")
        yield success("seal/checkpoint", f"Signed by {key.name}: {checkpoint.size} entries.")
    except (Unreadable, BadNote) as error:
        yield failure("seal/checkpoint", str(error))
    yield _check_manifest(source, key)
    if checkpoint:
        yield from _check_proofs(source, checkpoint, seal)
    yield from _check_stamp(source, note, tsa_roots)


def _read_enclosed_key(source: Source) -> VerifierKey:
    lines = read_file(source, "seal/keys", limit=_MAX_SEAL_FILE_BYTES).decode("ascii").split("\n")
    keys = [VerifierKey.parse(line) for line in lines[:-1]]
    # The last "line" is what follows the final line feed: nothing.
    if lines[-1] or [key.name for key in keys] != [ORIGIN]:
        raise Unreadable(f"It must hold one key, that of {ORIGIN}.")
    return keys[0]


def _check_key(enclosed_key: VerifierKey, log_key: VerifierKey | None) -> Check:
    if log_key is None:
        return success(
            "seal/keys",
            f"The key {enclosed_key} is the package's own. To be sure whose it is, give the key "
            "you trust with --log-key.",
        )
    if str(log_key) != str(enclosed_key):
        return failure("seal/keys", "The enclosed key is not the one given by --log-key.")
    return success("seal/keys", f"The key is the one given by --log-key: {log_key}.")


def _check_manifest(source: Source, key: VerifierKey) -> Check:
    try:
        text = open_note(read_file(source, SIGNED_MANIFEST, limit=_MAX_SEAL_FILE_BYTES), keys=[key])
        digest = hashlib.sha512(read_file(source, "manifest-sha512.txt")).hexdigest()
        if text != MANIFEST_NOTE.format(digest=digest):
            raise Unreadable("It signs another manifest-sha512.txt than this one.")
    except (Unreadable, BadNote) as error:
        return failure(SIGNED_MANIFEST, str(error))
    return success(SIGNED_MANIFEST, f"Signed by {key.name}: the list of every file in data/.")


def _check_proofs(source: Source, checkpoint: Checkpoint, seal: Seal) -> Iterator[Check]:
    for name in sorted(name for name in source.sizes if name.startswith("seal/proofs/")):
        try:
            proofs = _load_object(read_file(source, name))
            item = proofs["item"]
            if name != f"seal/proofs/{item}.json" or item in seal.continuity:
                raise Unreadable("It is not named after its item.")
            is_for_checkpoint = (proofs["log"], proofs["size"]) == (
                checkpoint.origin,
                checkpoint.size,
            )
            if not is_for_checkpoint or not proofs["entries"]:
                raise Unreadable("It proves nothing about this checkpoint.")
            entries = [_verify_entry(proof, item, checkpoint) for proof in proofs["entries"]]
            if [entry["sequence"] for entry in entries] != list(range(1, len(entries) + 1)):
                raise Unreadable(
                    "The entries are not numbered from 1 without a gap: one is missing."
                )
        except Unreadable as error:
            yield failure(name, str(error))
        except (KeyError, TypeError, ValueError, AttributeError):
            # The file may hold any JSON at all.
            yield failure(name, "It is not a list of proofs.")
        else:
            seal.continuity[item] = entries
            yield success(
                name,
                f"All {len(entries)} of the item's entries are in the log, 1 to {len(entries)}.",
            )


def _verify_entry(proof: Any, item: str, checkpoint: Checkpoint) -> dict[str, Any]:
    """Return an entry, after proving that it is in the log. Raises Unreadable."""
    text: str = proof["entry"]
    entry = _load_object(text.encode())
    is_in_log = verify_inclusion(
        leaf=leaf_hash(text.encode()),
        index=proof["index"],
        size=checkpoint.size,
        proof=[bytes.fromhex(digest) for digest in proof["proof"]],
        root_hash=checkpoint.root,
    )
    if not is_in_log:
        raise Unreadable(
            f"Entry {entry.get('sequence')} is not in the log that the checkpoint signs."
        )
    # Only the canonical text: another spelling could say two things to two readers.
    if entry["item"] != item or canonical_json(entry) != text:
        raise Unreadable(f"Entry {entry.get('sequence')} is not this item's.")
    return entry


def _check_stamp(
    source: Source, note: bytes, tsa_roots: Sequence[x509.Certificate] | None
) -> Iterator[Check]:
    """Check that the stamp is over the checkpoint and leads to a root.

    First it has to hold by itself, up to a root that the package encloses or the reader gave. Then
    that root has to be one that the reader trusts.
    """
    enclosed: list[x509.Certificate] = []
    try:
        enclosed = load_certificates(
            read_file(source, "seal/tsa-chain.pem", limit=_MAX_SEAL_FILE_BYTES)
        )
    except Unreadable as error:
        yield failure("seal/tsa-chain.pem", str(error))
    try:
        stamp = open_stamp(
            read_file(source, "seal/timestamp.tsr", limit=_MAX_SEAL_FILE_BYTES),
            over=note,
            certificates=enclosed,
        )
    except Unreadable as error:
        yield failure("seal/timestamp.tsr", str(error))
        return
    own_roots = [certificate for certificate in enclosed if is_self_signed(certificate)]
    try:
        own_root = check_chain(stamp, enclosed=enclosed, roots=[*own_roots, *(tsa_roots or ())])
    except Unreadable as error:
        yield failure("seal/timestamp.tsr, seal/tsa-chain.pem", str(error))
        return
    yield success(
        "seal/timestamp.tsr", f"The checkpoint was stamped at {stamp.at.isoformat()} by {stamp.by}."
    )
    yield _check_root(stamp, enclosed, own_root, tsa_roots)


def _check_root(
    stamp: Stamp,
    enclosed: Sequence[x509.Certificate],
    own_root: x509.Certificate,
    tsa_roots: Sequence[x509.Certificate] | None,
) -> Check:
    if tsa_roots is None:
        return success(
            "seal/tsa-chain.pem",
            f"The stamp's certificate leads to {own_root.subject.rfc4514_string()}, which is the "
            "package's own. To be sure whose it is, give a root you trust with --tsa-root.",
        )
    try:
        root = check_chain(stamp, enclosed=enclosed, roots=tsa_roots)
    except Unreadable as error:
        return failure("seal/tsa-chain.pem", str(error))
    return success(
        "seal/tsa-chain.pem",
        f"The stamp's certificate leads to {root.subject.rfc4514_string()}, which was given by "
        "--tsa-root.",
    )


def canonical_json(entry: object) -> str:
    """Return JSON as continuity entries are written: keys in order, no spaces."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _load_object(content: bytes) -> dict[str, Any]:
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable("It is not JSON.") from None
    if not isinstance(loaded, dict):
        raise Unreadable("It is not a JSON object.")
    return loaded
