"""Validates a message against the published schema (HMCTS, MIT; see `schema/LICENCE-hmcts.txt`)."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from lxml import etree


@lru_cache(maxsize=1)
def _load_schema() -> etree.XMLSchema:
    folder = files("bluelamp.casework.casefiles.court_message") / "schema"
    path = folder / "CPP-StdProsPoliceCase-v1-2.xsd"
    return etree.XMLSchema(
        etree.parse(str(path), etree.XMLParser(no_network=True, resolve_entities=False))
    )


def validate(xml: bytes) -> list[str]:
    """Return one line for each fault that the schema finds; an empty list for a valid message.

    Bytes that are not XML, or that declare entities, give one line that says so.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        return [f"This is not XML: {error}"]
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        return ["The message has a document type, which is not allowed"]
    schema = _load_schema()
    if schema.validate(root):
        return []
    return [f"line {entry.line}: {entry.message}" for entry in schema.error_log]  # type: ignore[attr-defined]
