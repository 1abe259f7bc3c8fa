"""Holding a message to the published schema (HMCTS, MIT; see `schema/LICENCE-hmcts.txt`)."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from lxml import etree


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    path = (
        files("bluelamp.casework.casefiles.messages") / "schema" / "CPP-StdProsPoliceCase-v1-2.xsd"
    )
    return etree.XMLSchema(
        etree.parse(str(path), etree.XMLParser(no_network=True, resolve_entities=False))
    )


def validate(xml: bytes) -> list[str]:
    """What the schema finds wrong with a message, one plain line each; empty where it is valid.

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
        return ["The message has a document type, which is not taken."]
    schema = _schema()
    if schema.validate(root):
        return []
    return [f"line {entry.line}: {entry.message}" for entry in schema.error_log]  # type: ignore[attr-defined]
