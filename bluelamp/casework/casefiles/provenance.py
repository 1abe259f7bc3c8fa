"""`data/provenance.jsonld`: who did what to which item, when, in CASE 1.x and UCO 1.x.

Each original and each preview is a file with its hash; each continuity entry an investigative
action on it, with its performer, its instant, and what it made. Names (IRIs) come from ids and
hashes: the same facts give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bluelamp.casework.casefiles.facts import CaseFacts, ExhibitFacts
from bluelamp.casework.casefiles.naming import original_paths, preview_paths

CONTEXT = {
    "kb": "urn:bluelamp:kb:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _name(kind: str, *of: object) -> str:
    return f"kb:{kind}-{uuid5(NAMESPACE_URL, 'urn:bluelamp:' + kind + ':' + chr(31).join(map(str, of)))}"


def _at(instant: datetime) -> dict[str, str]:
    return {
        "@type": "xsd:dateTime",
        "@value": instant.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def _whole(number: int) -> dict[str, Any]:
    return {"@type": "xsd:integer", "@value": str(number)}


def _file(
    name: str, *, path: str, filename: str, media_type: str, size: int, sha256: str
) -> dict[str, Any]:
    digest = {
        "@id": _name("hash", name),
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": "SHA256",
        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": sha256},
    }
    content = {
        "@id": _name("content", name),
        "@type": "uco-observable:ContentDataFacet",
        "uco-observable:mimeType": media_type,
        "uco-observable:sizeInBytes": _whole(size),
        "uco-observable:hash": [digest],
    }
    place = {
        "@id": _name("file-facet", name),
        "@type": "uco-observable:FileFacet",
        "uco-observable:fileName": filename,
        "uco-observable:filePath": path,
        "uco-observable:isDirectory": False,
        "uco-observable:sizeInBytes": _whole(size),
    }
    return {
        "@id": name,
        "@type": ["uco-observable:File", "uco-observable:ObservableObject"],
        "uco-core:hasFacet": [content, place],
    }


def _performer(entry: Mapping[str, Any]) -> str:
    return _name("performer", entry["by"] or entry["by_name"])


def _action(
    entry: Mapping[str, Any], *, item: UUID, original: str, made: str | None
) -> dict[str, Any]:
    detail = entry["detail"]
    words = (
        str(detail.get("how", "")),
        f"From: {entry['from']}" if entry["from"] else "",
        f"To: {entry['to']}" if entry["to"] else "",
        f"Why: {entry['why']}" if entry["why"] else "",
    )
    action: dict[str, Any] = {
        "@id": _name("action", item, entry["sequence"]),
        "@type": "case-investigation:InvestigativeAction",
        "uco-core:name": entry["verb"],
        "uco-core:description": ". ".join(word for word in words if word) or entry["verb"],
        "uco-action:startTime": _at(datetime.fromisoformat(entry["at"])),
        "uco-action:endTime": _at(datetime.fromisoformat(entry["at"])),
        "uco-action:performer": {"@id": _performer(entry)},
        "uco-action:object": [{"@id": original}],
    }
    if made is not None:
        action["uco-action:result"] = [{"@id": made}]
    return action


def _of_exhibit(
    facts: CaseFacts, exhibit: ExhibitFacts, paths: dict[UUID, str]
) -> list[dict[str, Any]]:
    original = _name("original", exhibit.item_id, exhibit.sha256)
    graph = [
        _file(
            original,
            path=paths[exhibit.item_id],
            filename=exhibit.filename,
            media_type=exhibit.media_type,
            size=exhibit.size,
            sha256=exhibit.sha256,
        ),
        {
            "@id": _name("exhibit", exhibit.item_id),
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": exhibit.description,
            "case-investigation:exhibitNumber": exhibit.reference,
            "uco-core:object": [{"@id": original}],
        },
    ]
    made: dict[str, str] = {}
    places = preview_paths(facts)
    for preview in exhibit.previews:
        made[preview.sha256] = _name("preview", exhibit.item_id, preview.sha256)
        graph.append(
            _file(
                made[preview.sha256],
                path=places[exhibit.item_id, preview.sha256],
                filename=preview.name,
                media_type=preview.media_type,
                size=preview.size,
                sha256=preview.sha256,
            )
        )
    for line in exhibit.continuity:
        entry = line.entry()
        result = made.get(str(entry["detail"].get("sha256", "")))
        graph.append(_action(entry, item=exhibit.item_id, original=original, made=result))
    return graph


def provenance(*, facts: CaseFacts) -> bytes:
    """The provenance of every exhibit as JSON-LD, UTF-8, valid against the CASE ontology."""
    entries = [line.entry() for exhibit in facts.exhibits for line in exhibit.continuity]
    performers = {_performer(entry): entry["by_name"] for entry in entries}
    graph: list[dict[str, Any]] = [
        {"@id": name, "@type": "uco-identity:Identity", "uco-core:name": who}
        for name, who in sorted(performers.items())
    ]
    paths = original_paths(facts)
    for exhibit in facts.exhibits:
        graph += _of_exhibit(facts, exhibit, paths)
    investigation: dict[str, Any] = {
        "@id": _name("investigation", facts.urn or facts.created_at),
        "@type": "case-investigation:Investigation",
        "uco-core:name": facts.urn or "No URN yet",
        "case-investigation:focus": [crime.offence_title for crime in facts.crimes],
    }
    if graph:
        investigation["uco-core:object"] = [{"@id": node["@id"]} for node in graph]
    if not facts.crimes:
        del investigation["case-investigation:focus"]
    whole = {"@context": CONTEXT, "@graph": [investigation, *graph]}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()
