"""Check what case.json says against the files and the sealed continuity."""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from bluelamp.records.evidence.verify.bagit import Bag
from bluelamp.records.evidence.verify.check import Check, Unreadable, failed, passed
from bluelamp.records.evidence.verify.seal import Seal
from bluelamp.records.evidence.verify.source import read

_CASE = "data/case.json"
_LARGEST_JSON = 256 << 20
_FIXES_THE_HASH = {"received", "sealed"}


def check_case(bag: Bag, seal: Seal) -> Iterator[Check]:
    """Check exhibits, documents and the structured files; needs `check_bag` and `check_seal`
    first.
    """
    try:
        case = _json(bag, _CASE)
        exhibits, documents = case.get("exhibits"), case.get("documents")
        if not isinstance(exhibits, list) or not isinstance(documents, list):
            raise Unreadable("Its exhibits and documents are not lists.")
        yield passed(_CASE, f"It names {len(exhibits)} exhibits and {len(documents)} documents.")
    except Unreadable as error:
        yield failed(_CASE, str(error))
        return
    originals: set[str] = set()
    for exhibit in exhibits:
        yield _exhibit(bag, seal, exhibit, originals)
    named: set[str] = set()
    for document in documents:
        yield _document(bag, document, named)
    for path in sorted(bag.source.sizes):
        parts = path.split("/")
        if (
            path.startswith("data/exhibits/")
            and parts[3:4] == ["original"]
            and path not in originals
        ):
            yield failed(path, f"It lies with the originals, but {_CASE} names no such exhibit.")
        if path.startswith("data/documents/") and path not in named:
            yield failed(path, f"It lies with the documents, but {_CASE} does not name it.")
    yield from _structured(bag)


def _exhibit(bag: Bag, seal: Seal, exhibit: Any, originals: set[str]) -> Check:
    reference = _text(exhibit, "reference") or "an exhibit without a reference"
    name = f"exhibit {reference}"
    try:
        path, sha256, item = (_text(exhibit, key) for key in ("original", "sha256", "item_id"))
        folder = f"data/exhibits/{reference.replace('/', '-')}/original"
        if str(PurePosixPath(path).parent) != folder:
            raise Unreadable(f"Its original is not in {folder}/.")
        name = path
        if path in originals:
            raise Unreadable(f"{_CASE} names it as the original of two exhibits.")
        originals.add(path)
        if path not in bag.digests:
            raise Unreadable(f"The original of {reference} is missing or cannot be read.")
        if bag.digests[path]["sha256"] != sha256 or bag.source.sizes[path] != exhibit.get("size"):
            raise Unreadable(
                f"The original of {reference} does not have the SHA-256 and size that {_CASE} gives."
            )
        proven = seal.continuity.get(item)
        if proven is None:
            raise Unreadable(
                f"The continuity of {reference} is not proven: seal/proofs/{item}.json does not hold."
            )
        if exhibit.get("continuity") != proven:
            raise Unreadable(f"The continuity of {reference} in {_CASE} is not what was sealed.")
        fixed = [entry for entry in proven if entry.get("verb") in _FIXES_THE_HASH]
        if not fixed or any(entry.get("sha256") != sha256 for entry in fixed):
            raise Unreadable(
                f"The original of {reference} is not what was received and sealed: its SHA-256 differs."
            )
    except Unreadable as error:
        return failed(name, str(error))
    return passed(
        name,
        f"{reference} is as it was received, and its {len(proven)} continuity entries are sealed.",
    )


def _document(bag: Bag, document: Any, named: set[str]) -> Check:
    path = _text(document, "path")
    named.add(path)
    if path not in bag.digests:
        return failed(
            path or "a document without a path",
            f"{_CASE} names it, but it is missing or cannot be read.",
        )
    if bag.digests[path]["sha256"] != _text(document, "sha256"):
        return failed(path, f"It does not have the SHA-256 that {_CASE} gives.")
    return passed(path, f"It has the SHA-256 that {_CASE} gives.")


def _structured(bag: Bag) -> Iterator[Check]:
    """Check that XML and JSON files can be read; the schema of a message is the sender's and the
    court's to check.
    """
    for path in sorted(bag.source.sizes):
        try:
            if path.startswith("data/messages/") and path.endswith(".xml"):
                _parse_xml(read(bag.source, path))
                yield passed(path, "Well-formed XML.")
            elif path == "data/provenance.jsonld":
                _json(bag, path)
                yield passed(path, "Well-formed JSON.")
        except Unreadable as error:
            yield failed(path, str(error))


def _parse_xml(content: bytes) -> None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        tree = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("It is not well-formed XML.") from None
    if tree.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise Unreadable("It has a document type, which no message has.")


def _json(bag: Bag, path: str) -> dict[str, Any]:
    try:
        loaded = json.loads(read(bag.source, path, limit=_LARGEST_JSON))
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("It is not JSON.") from None
    if not isinstance(loaded, dict):
        raise Unreadable("It is not a JSON object.")
    return loaded


def _text(thing: Any, key: str) -> str:
    value = thing.get(key) if isinstance(thing, dict) else None
    return value if isinstance(value, str) else ""
