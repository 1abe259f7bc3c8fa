"""Check what case.json says against the files and the sealed continuity."""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.verify.bagit import Bag
from bluelamp.records.evidence.verify.check import Unreadable, failure, success
from bluelamp.records.evidence.verify.identity import check_identity
from bluelamp.records.evidence.verify.seal import Seal
from bluelamp.records.evidence.verify.source import read_file

_CASE = "data/case.json"
_MAX_JSON_BYTES = 256 << 20
# The verbs whose entries say what the hash of the original is.
_VERBS_WITH_HASH = {"received", "sealed"}


def check_case(bag: Bag, seal: Seal) -> Iterator[Check]:
    """Check exhibits, documents and the structured files.

    `check_bag` and `check_seal` must have run before, because they fill in `bag` and `seal`.
    """
    try:
        case = _read_json(bag, _CASE)
        exhibits, documents = case.get("exhibits"), case.get("documents")
        if not isinstance(exhibits, list) or not isinstance(documents, list):
            raise Unreadable("Its exhibits and documents are not lists.")
        urn, force = _text_at(case, "urn"), _text_at(case, "force_name")
        yield success(
            _CASE,
            f"It is case file {urn} of {force}. It names {len(exhibits)} exhibits and "
            f"{len(documents)} documents.",
        )
    except Unreadable as error:
        yield failure(_CASE, str(error))
        return
    yield from check_identity(bag, seal, urn=urn, force_name=force)
    original_paths: set[str] = set()
    for exhibit in exhibits:
        yield _check_exhibit(bag, seal, exhibit, original_paths)
    document_paths: set[str] = set()
    for document in documents:
        yield _check_document(bag, document, document_paths)
    for path in sorted(bag.source.sizes):
        # A slice and not an index: a path that somebody added may have fewer parts.
        is_original = path.startswith("data/exhibits/") and path.split("/")[3:4] == ["original"]
        if is_original and path not in original_paths:
            yield failure(path, f"It is among the originals, but {_CASE} has no such exhibit.")
        if path.startswith("data/documents/") and path not in document_paths:
            yield failure(path, f"It is among the documents, but {_CASE} does not name it.")
    exhibited = {_text_at(exhibit, "item_id") for exhibit in exhibits}
    for item in sorted(seal.continuity.keys() - exhibited):
        yield failure(f"seal/proofs/{item}.json", f"{_CASE} has no exhibit with this item.")
    yield from _check_structured_files(bag)


def _check_exhibit(bag: Bag, seal: Seal, exhibit: Any, original_paths: set[str]) -> Check:
    """Check one exhibit, and add the path of its original to `original_paths`."""
    reference = _text_at(exhibit, "reference") or "an exhibit without a reference"
    name = f"exhibit {reference}"
    try:
        path, sha256, item = (_text_at(exhibit, key) for key in ("original", "sha256", "item_id"))
        folder = f"data/exhibits/{reference.replace('/', '-')}/original"
        if str(PurePosixPath(path).parent) != folder:
            raise Unreadable(f"Its original is not in {folder}/.")
        name = path
        if path in original_paths:
            raise Unreadable(f"{_CASE} names it as the original of two exhibits.")
        original_paths.add(path)
        if path not in bag.digests:
            raise Unreadable(f"The original of {reference} is missing or cannot be read.")
        if bag.digests[path]["sha256"] != sha256 or bag.source.sizes[path] != exhibit.get("size"):
            raise Unreadable(
                f"The original of {reference} does not have the SHA-256 and size in {_CASE}."
            )
        sealed = seal.continuity.get(item)
        if sealed is None:
            raise Unreadable(
                f"The continuity of {reference} is not proven: seal/proofs/{item}.json failed."
            )
        if exhibit.get("continuity") != sealed:
            raise Unreadable(f"The continuity of {reference} in {_CASE} is not what was sealed.")
        with_hash = [entry for entry in sealed if entry.get("verb") in _VERBS_WITH_HASH]
        if not with_hash or any(entry.get("sha256") != sha256 for entry in with_hash):
            raise Unreadable(
                f"The original of {reference} is not what was received and sealed: "
                "its SHA-256 differs."
            )
    except Unreadable as error:
        return failure(name, str(error))
    return success(
        name,
        f"{reference} is as it was received, and its {len(sealed)} continuity entries are sealed.",
    )


def _check_document(bag: Bag, document: Any, document_paths: set[str]) -> Check:
    """Check one document, and add its path to `document_paths`."""
    path = _text_at(document, "path")
    document_paths.add(path)
    if path not in bag.digests:
        return failure(
            path or "a document without a path",
            f"{_CASE} names it, but it is missing or cannot be read.",
        )
    if bag.digests[path]["sha256"] != _text_at(document, "sha256"):
        return failure(path, f"It does not have the SHA-256 in {_CASE}.")
    return success(path, f"It has the SHA-256 in {_CASE}.")


def _check_structured_files(bag: Bag) -> Iterator[Check]:
    """Check that XML and JSON files can be parsed.

    Whether a message follows its schema is for its sender and the court to check.
    """
    for path in sorted(bag.source.sizes):
        try:
            if path.startswith("data/messages/") and path.endswith(".xml"):
                _parse_xml(read_file(bag.source, path))
                yield success(path, "Well-formed XML.")
            elif path == "data/provenance.jsonld":
                _read_json(bag, path)
                yield success(path, "Well-formed JSON.")
        except Unreadable as error:
            yield failure(path, str(error))


def _parse_xml(content: bytes) -> None:
    # Entities and document types can read local files, use the network, or expand without end.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        tree = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("It is not well-formed XML.") from None
    if tree.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise Unreadable("It has a document type, which no message has.")


def _read_json(bag: Bag, path: str) -> dict[str, Any]:
    try:
        loaded = json.loads(read_file(bag.source, path, limit=_MAX_JSON_BYTES))
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("It is not JSON.") from None
    if not isinstance(loaded, dict):
        raise Unreadable("It is not a JSON object.")
    return loaded


def _text_at(value: Any, key: str) -> str:
    """Return the text under a key, or "" where there is none: anything may be in the file."""
    text = value.get(key) if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""
