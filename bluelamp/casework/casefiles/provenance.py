"""`data/provenance.jsonld`: who did what to which item and when, in CASE 1.x and UCO 1.x.

Each original and each preview is a file with its hash. Each continuity entry is an investigative
action on a file, with its performer, its time and its result. Identifiers (IRIs) are made from ids
and hashes, so that the same data gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bluelamp.casework.casefiles.case_data import CaseData, ExhibitData
from bluelamp.casework.casefiles.package_paths import original_paths, preview_paths
from bluelamp.foundation.kernel.datetime_input import format_instant

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


def _iri(kind: str, *parts: object) -> str:
    """Return an identifier that is always the same for the same kind and parts."""
    # chr(31) is the unit separator, which no id, hash or name contains.
    name = f"urn:bluelamp:{kind}:{chr(31).join(map(str, parts))}"
    return f"kb:{kind}-{uuid5(NAMESPACE_URL, name)}"


def _instant(instant: datetime) -> dict[str, str]:
    return {
        "@type": "xsd:dateTime",
        "@value": format_instant(instant),
    }


def _integer(number: int) -> dict[str, Any]:
    return {"@type": "xsd:integer", "@value": str(number)}


def _file_node(
    iri: str, *, path: str, filename: str, media_type: str, size: int, sha256: str
) -> dict[str, Any]:
    digest = {
        "@id": _iri("hash", iri),
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": "SHA256",
        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": sha256},
    }
    content = {
        "@id": _iri("content", iri),
        "@type": "uco-observable:ContentDataFacet",
        "uco-observable:mimeType": media_type,
        "uco-observable:sizeInBytes": _integer(size),
        "uco-observable:hash": [digest],
    }
    file_facet = {
        "@id": _iri("file-facet", iri),
        "@type": "uco-observable:FileFacet",
        "uco-observable:fileName": filename,
        "uco-observable:filePath": path,
        "uco-observable:isDirectory": False,
        "uco-observable:sizeInBytes": _integer(size),
    }
    return {
        "@id": iri,
        "@type": ["uco-observable:File", "uco-observable:ObservableObject"],
        "uco-core:hasFacet": [content, file_facet],
    }


def _performer_iri(entry: Mapping[str, Any]) -> str:
    # The public and the system have no account: their name is all that identifies them.
    return _iri("performer", entry["by"] or entry["by_name"])


def _action_node(
    entry: Mapping[str, Any], *, item: UUID, original: str, result: str | None
) -> dict[str, Any]:
    detail = entry["detail"]
    parts = (
        str(detail.get("how", "")),
        f"From: {entry['from']}" if entry["from"] else "",
        f"To: {entry['to']}" if entry["to"] else "",
        f"Why: {entry['why']}" if entry["why"] else "",
    )
    action: dict[str, Any] = {
        "@id": _iri("action", item, entry["sequence"]),
        "@type": "case-investigation:InvestigativeAction",
        "uco-core:name": entry["verb"],
        "uco-core:description": ". ".join(part for part in parts if part) or entry["verb"],
        "uco-action:startTime": _instant(datetime.fromisoformat(entry["at"])),
        # Continuity has one instant for each act, so it begins and ends there.
        "uco-action:endTime": _instant(datetime.fromisoformat(entry["at"])),
        "uco-action:performer": {"@id": _performer_iri(entry)},
        "uco-action:object": [{"@id": original}],
    }
    if result is not None:
        action["uco-action:result"] = [{"@id": result}]
    return action


def _exhibit_nodes(
    case: CaseData, exhibit: ExhibitData, paths: dict[UUID, str]
) -> list[dict[str, Any]]:
    original = _iri("original", exhibit.item_id, exhibit.sha256)
    graph = [
        _file_node(
            original,
            path=paths[exhibit.item_id],
            filename=exhibit.filename,
            media_type=exhibit.media_type,
            size=exhibit.size,
            sha256=exhibit.sha256,
        ),
        {
            "@id": _iri("exhibit", exhibit.item_id),
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": exhibit.description,
            "case-investigation:exhibitNumber": exhibit.reference,
            "uco-core:object": [{"@id": original}],
        },
    ]
    preview_iris: dict[str, str] = {}
    paths_of_previews = preview_paths(case)
    for preview in exhibit.previews:
        preview_iris[preview.sha256] = _iri("preview", exhibit.item_id, preview.sha256)
        graph.append(
            _file_node(
                preview_iris[preview.sha256],
                path=paths_of_previews[exhibit.item_id, preview.sha256],
                filename=preview.name,
                media_type=preview.media_type,
                size=preview.size,
                sha256=preview.sha256,
            )
        )
    for line in exhibit.continuity:
        entry = line.to_dict()
        # A "previewed" entry names the hash of the file that it made.
        result = preview_iris.get(str(entry["detail"].get("sha256", "")))
        graph.append(_action_node(entry, item=exhibit.item_id, original=original, result=result))
    return graph


def make_provenance(*, case: CaseData) -> bytes:
    """Return the provenance of every exhibit as JSON-LD in UTF-8, valid against CASE."""
    entries = [line.to_dict() for exhibit in case.exhibits for line in exhibit.continuity]
    performers = {_performer_iri(entry): entry["by_name"] for entry in entries}
    graph: list[dict[str, Any]] = [
        {"@id": iri, "@type": "uco-identity:Identity", "uco-core:name": name}
        # Sorted, so that the same case gives the same bytes.
        for iri, name in sorted(performers.items())
    ]
    paths = original_paths(case)
    for exhibit in case.exhibits:
        graph += _exhibit_nodes(case, exhibit, paths)
    investigation: dict[str, Any] = {
        "@id": _iri("investigation", case.urn or case.created_at),
        "@type": "case-investigation:Investigation",
        "uco-core:name": case.urn or "No URN yet",
        "case-investigation:focus": [crime.offence_title for crime in case.crimes],
    }
    if graph:
        investigation["uco-core:object"] = [{"@id": node["@id"]} for node in graph]
    if not case.crimes:
        del investigation["case-investigation:focus"]
    document = {"@context": CONTEXT, "@graph": [investigation, *graph]}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
