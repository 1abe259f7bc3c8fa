"""Check the seal: the log's checkpoint, each item's entries in it, the signed manifest, and the
time stamp.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from bluelamp.foundation.kernel.checkpoint import (
    BadNote,
    Checkpoint,
    VerifierKey,
    open_checkpoint,
    open_note,
)
from bluelamp.foundation.kernel.merkle import leaf_hash, verify_inclusion
from bluelamp.records.evidence.bag import SIGNED_MANIFEST
from bluelamp.records.evidence.verify.check import Check, Unreadable, failed, passed
from bluelamp.records.evidence.verify.source import Source, read
from bluelamp.records.evidence.verify.timestamp import (
    check_chain,
    is_root,
    load_certificates,
    open_stamp,
)

ORIGIN = "bluelamp/continuity"
MANIFEST_NOTE = "bluelamp/package manifest-sha512.txt\n{digest}\n"


@dataclass
class Seal:
    """What the checked seal vouches for: each item's continuity entries, in order."""

    continuity: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def check_seal(
    source: Source,
    seal: Seal,
    *,
    log_key: VerifierKey | None,
    tsa_roots: Sequence[x509.Certificate] | None,
) -> Iterator[Check]:
    """Check everything under seal/; fills in `seal` with what is proven."""
    key: VerifierKey | None = None
    try:
        lines = read(source, "seal/keys", limit=1 << 20).decode("ascii").split("\n")
        enclosed = [VerifierKey.parse(line) for line in lines[:-1]]
        if lines[-1] or [each.name for each in enclosed] != [ORIGIN]:
            raise Unreadable(f"It must hold one key, that of {ORIGIN}.")
        key = log_key or enclosed[0]
        if str(key) != str(enclosed[0]):
            yield failed("seal/keys", "The key enclosed is not the one given by --log-key.")
        elif log_key:
            yield passed("seal/keys", f"The key is the one given by --log-key: {key}.")
        else:
            yield passed(
                "seal/keys",
                f"The key {key} is the package's own word; --log-key holds it to one you trust.",
            )
    except (Unreadable, BadNote, UnicodeDecodeError) as error:
        yield failed("seal/keys", str(error))
    key = key or log_key
    if key is None:
        yield failed("seal/checkpoint", "There is no key to check its signature with.")
        return
    note, checkpoint = b"", None
    try:
        note = read(source, "seal/checkpoint", limit=1 << 20)
        checkpoint = open_checkpoint(note, keys=[key])
        if checkpoint.origin != ORIGIN:
            raise Unreadable(f"It is the checkpoint of {checkpoint.origin}, not of {ORIGIN}.")
        yield passed("seal/checkpoint", f"Signed by {key.name}: {checkpoint.size} entries.")
    except (Unreadable, BadNote) as error:
        yield failed("seal/checkpoint", str(error))
    yield _manifest(source, key)
    if checkpoint:
        yield from _proofs(source, checkpoint, seal)
    yield from _stamp(source, note, tsa_roots)


def _manifest(source: Source, key: VerifierKey) -> Check:
    try:
        text = open_note(read(source, SIGNED_MANIFEST, limit=1 << 20), keys=[key])
        digest = hashlib.sha512(read(source, "manifest-sha512.txt")).hexdigest()
        if text != MANIFEST_NOTE.format(digest=digest):
            raise Unreadable("What was signed is not this manifest-sha512.txt.")
    except (Unreadable, BadNote) as error:
        return failed(SIGNED_MANIFEST, str(error))
    return passed(SIGNED_MANIFEST, f"Signed by {key.name}: the list of every file in data/.")


def _proofs(source: Source, checkpoint: Checkpoint, seal: Seal) -> Iterator[Check]:
    for name in sorted(name for name in source.sizes if name.startswith("seal/proofs/")):
        try:
            proofs = _load(read(source, name))
            item = proofs["item"]
            if name != f"seal/proofs/{item}.json" or item in seal.continuity:
                raise Unreadable("It is not named after its item.")
            if (proofs["log"], proofs["size"]) != (
                checkpoint.origin,
                checkpoint.size,
            ) or not proofs["entries"]:
                raise Unreadable("It proves nothing to this checkpoint.")
            entries = [_proven(each, item, checkpoint) for each in proofs["entries"]]
            if [entry["sequence"] for entry in entries] != list(range(1, len(entries) + 1)):
                raise Unreadable(
                    "The entries are not numbered from 1 without a gap: one is missing."
                )
        except Unreadable as error:
            yield failed(name, str(error))
        except (KeyError, TypeError, ValueError, AttributeError):
            yield failed(name, "It is not a list of proofs.")
        else:
            seal.continuity[item] = entries
            yield passed(
                name,
                f"All {len(entries)} of the item's entries are in the log, 1 to {len(entries)}.",
            )


def _proven(proof: Any, item: str, checkpoint: Checkpoint) -> dict[str, Any]:
    """Return an entry, having shown that it is in the log."""
    text: str = proof["entry"]
    entry = _load(text.encode())
    holds = verify_inclusion(
        leaf=leaf_hash(text.encode()),
        index=proof["index"],
        size=checkpoint.size,
        proof=[bytes.fromhex(digest) for digest in proof["proof"]],
        root_hash=checkpoint.root,
    )
    if not holds:
        raise Unreadable(
            f"Entry {entry.get('sequence')} is not in the log that the checkpoint signs."
        )
    if entry["item"] != item or canonical(entry) != text:
        raise Unreadable(f"Entry {entry.get('sequence')} is not this item's.")
    return entry


def _stamp(
    source: Source, note: bytes, tsa_roots: Sequence[x509.Certificate] | None
) -> Iterator[Check]:
    enclosed: list[x509.Certificate] = []
    try:
        enclosed = load_certificates(read(source, "seal/tsa-chain.pem", limit=1 << 20))
    except Unreadable as error:
        yield failed("seal/tsa-chain.pem", str(error))
    try:
        stamp = open_stamp(
            read(source, "seal/timestamp.tsr", limit=1 << 20), over=note, certificates=enclosed
        )
    except Unreadable as error:
        yield failed("seal/timestamp.tsr", str(error))
        return
    yield passed(
        "seal/timestamp.tsr", f"The checkpoint was stamped at {stamp.at.isoformat()} by {stamp.by}."
    )
    roots = [each for each in enclosed if is_root(each)] if tsa_roots is None else tsa_roots
    try:
        root = check_chain(
            stamp, enclosed=[*enclosed, *stamp.certificates], roots=roots
        ).subject.rfc4514_string()
    except Unreadable as error:
        yield failed("seal/tsa-chain.pem", str(error))
        return
    if tsa_roots is None:
        how = "is the package's own word; --tsa-root holds it to one you trust"
    else:
        how = "was given by --tsa-root"
    yield passed("seal/tsa-chain.pem", f"The stamp's certificate leads to {root}, which {how}.")


def canonical(entry: object) -> str:
    """Return JSON as continuity entries are written: keys in order, no spaces."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _load(content: bytes) -> dict[str, Any]:
    """Read a JSON object; raises Unreadable if it is not one."""
    try:
        loaded = json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable("It is not JSON.") from None
    if not isinstance(loaded, dict):
        raise Unreadable("It is not a JSON object.")
    return loaded
