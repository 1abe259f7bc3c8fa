"""Check the seal: the signature over every file, the log's checkpoint with its entries for the
package and each item, and the time stamp over the checkpoint.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from bluelamp.records.evidence.bag import (
    SIGNED_MANIFEST,
    STAMPED_FILES,
    TAG_MANIFESTS,
    canonical_json,
)
from bluelamp.records.evidence.verify.bagit import Bag
from bluelamp.records.evidence.verify.check import Unreadable, failure, success
from bluelamp.records.evidence.verify.pins import Pins, certificate_fingerprint, fingerprint
from bluelamp.records.evidence.verify.source import Source, read_file
from bluelamp.records.evidence.verify.timestamp import (
    Stamp,
    check_chain,
    is_self_signed,
    load_certificates,
    open_stamp,
)

ORIGIN = "bluelamp/continuity"
PACKAGE_PROOF = "seal/proofs/package.json"
NOTE_NAME = "bluelamp/package files outside data"
_OLD_NOTE_NAME = "bluelamp/package manifest-sha512.txt"
# A package may come from anybody: a file of gigabytes must not fill the reader's memory.
_MAX_SEAL_FILE_BYTES = 1 << 20
_MAX_NAMED_FILES = 10


@dataclass
class Seal:
    """What the seal proves.

    Attributes:
        continuity: The continuity entries of each item, in order, by the item's id.
        package: The name of the package in the log.
    """

    continuity: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    package: str = ""


def check_seal(bag: Bag, seal: Seal, pins: Pins) -> Iterator[Check]:
    """Check everything under seal/. Fills in `seal` with what is proven.

    `check_bag` must have run before, because it fills in the digests.
    """
    source = bag.source
    enclosed_key = None
    try:
        enclosed_key = _read_enclosed_key(source)
        yield _check_key(enclosed_key, pins)
    except (Unreadable, BadNote, UnicodeDecodeError) as error:
        yield failure("seal/keys", str(error))
    key = _choose_key(enclosed_key, pins)
    if key is None:
        yield failure("seal/checkpoint", "There is no key to check its signature with.")
        return
    note, checkpoint = b"", None
    try:
        note = read_file(source, "seal/checkpoint", limit=_MAX_SEAL_FILE_BYTES)
        _require_one_signature(note)
        checkpoint = open_checkpoint(note, keys=[key])
        if checkpoint.origin != ORIGIN:
            raise Unreadable(f"It is the checkpoint of {checkpoint.origin}, not of {ORIGIN}.")
        yield success("seal/checkpoint", f"Signed by {key.name}: {checkpoint.size} entries.")
    except (Unreadable, BadNote) as error:
        yield failure("seal/checkpoint", str(error))
    yield from _check_signature(bag, key)
    if checkpoint:
        yield from _check_proofs(source, checkpoint, seal)
        yield _check_package_proof(bag, checkpoint, seal)
    yield from _check_stamp(source, note, key, pins)


def note_text(digests: Mapping[str, str]) -> str:
    """Return the text of seal/manifest that is signed.

    Args:
        digests: The SHA-512 of each file, in hex, by path.
    """
    # Sorted, so that who signs and who checks write the same bytes.
    lines = (f"{digest}  {path}\n" for path, digest in sorted(digests.items()))
    return f"{NOTE_NAME}\n{''.join(lines)}"


def is_signed_file(path: str) -> bool:
    """Return whether the signature names a file by itself.

    Those in data/ are named by the payload manifests. The tag manifests name the signature, so it
    cannot name them: `check_profile` writes them again from the other files and compares them.
    """
    return not path.startswith("data/") and path not in {SIGNED_MANIFEST, *TAG_MANIFESTS}


def _read_enclosed_key(source: Source) -> VerifierKey:
    lines = read_file(source, "seal/keys", limit=_MAX_SEAL_FILE_BYTES).decode("ascii").split("\n")
    keys = [VerifierKey.parse(line) for line in lines[:-1]]
    # The last "line" is what follows the final line feed: nothing.
    if lines[-1] or [key.name for key in keys] != [ORIGIN]:
        raise Unreadable(f"It must hold one key, that of {ORIGIN}.")
    return keys[0]


def _check_key(enclosed_key: VerifierKey, pins: Pins) -> Check:
    if not pins.keys:
        return success(
            "seal/keys",
            f"The key {enclosed_key} is the package's own. Its fingerprint is "
            f"{fingerprint(enclosed_key)}. To be sure whose it is, give the key you trust with "
            "--log-key.",
        )
    if pins.find_key(enclosed_key) is None:
        return failure("seal/keys", "The enclosed key is not the one given by --log-key.")
    return success(
        "seal/keys",
        f"The key is the one given by --log-key. Its fingerprint is {fingerprint(enclosed_key)}.",
    )


def _choose_key(enclosed_key: VerifierKey | None, pins: Pins) -> VerifierKey | None:
    """Return the key to check signatures with: a pinned one wherever there are any."""
    if not pins.keys:
        return enclosed_key
    pinned = pins.find_key(enclosed_key) if enclosed_key else None
    # Where none matches, any pinned key will do: the signature then fails, as it must.
    return (pinned or pins.keys[0]).key


def _require_one_signature(note: bytes) -> None:
    """Refuse a note with further signatures. Nobody signed those lines, so they could say anything.

    Raises:
        Unreadable: There are more lines than one.
    """
    if note.rpartition(b"\n\n")[2].count(b"\n") > 1:
        raise Unreadable("It has more than one signature.")


def _check_signature(bag: Bag, key: VerifierKey) -> Iterator[Check]:
    """Check that the signed note names every file outside data/, with its digest, and no other."""
    try:
        note = read_file(bag.source, SIGNED_MANIFEST)
        _require_one_signature(note)
        text = open_note(note, keys=[key])
        if text.startswith(_OLD_NOTE_NAME):
            raise Unreadable(
                "It is of an earlier kind, which does not cover every file. Ask the force to build "
                "the package again."
            )
        signed = _parse_note(text)
    except (Unreadable, BadNote) as error:
        yield failure(SIGNED_MANIFEST, str(error))
        return
    paths = {path for path in bag.source.sizes if is_signed_file(path)}
    faults = [
        *((path, "The signature does not cover it.") for path in paths - signed.keys()),
        *((path, "The signature covers it, but it is missing.") for path in signed.keys() - paths),
        *(
            (path, "It is not the file that was signed.")
            for path in paths & signed.keys()
            # A file that could not be read has no digest, and has failed already.
            if path in bag.digests and bag.digests[path]["sha512"] != signed[path]
        ),
    ]
    if not faults:
        yield success(
            SIGNED_MANIFEST,
            f"Signed by {key.name}: every file outside data/, and through the manifests every file "
            "in data/.",
        )
        return
    for path, fault in sorted(faults):
        yield failure(path, fault)
    named = ", ".join(sorted(path for path, _ in faults)[:_MAX_NAMED_FILES])
    yield failure(SIGNED_MANIFEST, f"It signs other files than those in the package: {named}.")


def _parse_note(text: str) -> dict[str, str]:
    """Return the signed digests by path. Raises Unreadable unless `note_text` would write this."""
    name, *lines = text.split("\n")[:-1]
    signed = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    # Written again and compared: so no path is named twice, and no line hides in another form.
    if name != NOTE_NAME or note_text(signed) != text:
        raise Unreadable("It is not the signature of a package.")
    return signed


def _check_proofs(source: Source, checkpoint: Checkpoint, seal: Seal) -> Iterator[Check]:
    proofs = (name for name in source.sizes if name.startswith("seal/proofs/"))
    for name in sorted(name for name in proofs if name != PACKAGE_PROOF):
        try:
            proof = _load_object(read_file(source, name))
            item = proof["item"]
            # A second file about the same item would take the place of the first.
            if name != f"seal/proofs/{item}.json" or item in seal.continuity:
                raise Unreadable("It is not named after its item.")
            entries = _prove_entries(proof, checkpoint)
            if any(entry["item"] != item for entry in entries):
                raise Unreadable("An entry in it is not this item's.")
            # That entries are in the log does not show that one was left out: their numbers do.
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


def _check_package_proof(bag: Bag, checkpoint: Checkpoint, seal: Seal) -> Check:
    """Check that the log, and so the time stamp over it, has the lists of the package's files."""
    try:
        entries = _prove_entries(_load_object(read_file(bag.source, PACKAGE_PROOF)), checkpoint)
        # None, or more than one, is a ValueError.
        (entry,) = entries
        files = entry["files"]
        if set(files) != set(STAMPED_FILES):
            raise Unreadable("Its entry does not name the package's manifests.")
        for name in STAMPED_FILES:
            if name in bag.digests and bag.digests[name]["sha512"] != files[name]:
                raise Unreadable(
                    f"{name} is not the one that was in the log when the time stamp was made. The "
                    "package was changed after its date."
                )
        seal.package = str(entry["package"])
    except Unreadable as error:
        return failure(PACKAGE_PROOF, str(error))
    except (KeyError, TypeError, ValueError, AttributeError):
        return failure(PACKAGE_PROOF, "It is not the proof of one package.")
    return success(
        PACKAGE_PROOF, "The lists of all files and of what the package is are in the log."
    )


def _prove_entries(proofs: dict[str, Any], checkpoint: Checkpoint) -> list[dict[str, Any]]:
    """Return the entries in a file of proofs, after proving that each is in the log.

    Raises:
        Unreadable: One is not.
        KeyError, TypeError, ValueError, AttributeError: It is not a file of proofs.
    """
    is_for_checkpoint = (proofs["log"], proofs["size"]) == (checkpoint.origin, checkpoint.size)
    if not is_for_checkpoint or not proofs["entries"]:
        raise Unreadable("It proves nothing about this checkpoint.")
    return [_prove_entry(proof, checkpoint) for proof in proofs["entries"]]


def _prove_entry(proof: Any, checkpoint: Checkpoint) -> dict[str, Any]:
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
            f"Entry {entry.get('sequence', '')} is not in the log that the checkpoint signs."
        )
    # Only the canonical text: another spelling could say two things to two readers.
    if canonical_json(entry) != text:
        raise Unreadable("An entry in it is not written as entries of the log are.")
    return entry


def _check_stamp(source: Source, note: bytes, key: VerifierKey, pins: Pins) -> Iterator[Check]:
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
        if enclosed and set(stamp.certificates) != set(enclosed):
            raise Unreadable("Its certificates are not those in seal/tsa-chain.pem.")
    except Unreadable as error:
        yield failure("seal/timestamp.tsr", str(error))
        return
    own_roots = [certificate for certificate in enclosed if is_self_signed(certificate)]
    try:
        own_root = check_chain(stamp, enclosed=enclosed, roots=[*own_roots, *pins.roots])
    except Unreadable as error:
        yield failure("seal/timestamp.tsr, seal/tsa-chain.pem", str(error))
        return
    yield success(
        "seal/timestamp.tsr", f"The checkpoint was stamped at {stamp.at.isoformat()} by {stamp.by}."
    )
    yield _check_root(stamp, enclosed, own_root, pins)
    pinned = pins.find_key(key)
    if pinned and not pinned.is_valid_at(stamp.at):
        yield failure(
            "seal/keys",
            f"The key was not in use when the package was stamped. It was in use {pinned.period}.",
        )


def _check_root(
    stamp: Stamp, enclosed: Sequence[x509.Certificate], own_root: x509.Certificate, pins: Pins
) -> Check:
    if not pins.roots:
        return success(
            "seal/tsa-chain.pem",
            f"The stamp's certificate leads to {own_root.subject.rfc4514_string()}, which is the "
            f"package's own. Its fingerprint is {certificate_fingerprint(own_root)}. To be sure "
            "whose it is, give a root you trust with --tsa-root.",
        )
    try:
        root = check_chain(stamp, enclosed=enclosed, roots=pins.roots)
    except Unreadable as error:
        return failure("seal/tsa-chain.pem", str(error))
    return success(
        "seal/tsa-chain.pem",
        f"The stamp's certificate leads to {root.subject.rfc4514_string()}, which was given by "
        "--tsa-root.",
    )


def _load_object(content: bytes) -> dict[str, Any]:
    try:
        loaded = json.loads(content)
    # Thousands of opening brackets end in a RecursionError.
    except (ValueError, RecursionError):
        raise Unreadable("It is not JSON.") from None
    if not isinstance(loaded, dict):
        raise Unreadable("It is not a JSON object.")
    return loaded
