"""The payload of a case file package: everything under `data/` (CONTRACT.md).

Originals are copied unopened. `records.evidence` writes the bag and its seal around the payload.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.case_json import DocumentEntry, to_json
from bluelamp.casework.casefiles.court_message import FieldWarning, MissingFact, make_new_case
from bluelamp.casework.casefiles.documents import make_documents
from bluelamp.casework.casefiles.package_paths import original_paths, preview_paths
from bluelamp.casework.casefiles.provenance import make_provenance

NEW_CASE_PATH = "data/messages/NewCase.xml"


@dataclass(frozen=True, kw_only=True)
class Package:
    """The files by their path in the package, and what is wrong with the message to the court.

    `data/messages/NewCase.xml` is there only if somebody is charged and `message_missing` is
    empty.
    """

    files: Mapping[str, bytes | Path]
    message_missing: tuple[MissingFact, ...] = ()
    message_warnings: tuple[FieldWarning, ...] = ()


def make_payload(
    *,
    case: CaseData,
    originals: Mapping[UUID, Path],
    previews: Mapping[tuple[UUID, str], bytes | Path] | None = None,
) -> Package:
    """Return the payload of a package: `data/…` paths to bytes, or to a file to copy.

    Args:
        case: What the package is about.
        originals: Stored files by item id.
        previews: Previews by item id and SHA-256.

    Raises:
        LookupError: An original or a preview that the case lists was not given.
    """
    previews = previews or {}
    files: dict[str, bytes | Path] = {}
    entries: list[DocumentEntry] = []
    for document in make_documents(case=case):
        path = f"data/documents/{document.name}"
        files[path] = document.pdf
        entries.append(
            {
                "path": path,
                "sha256": sha256(document.pdf).hexdigest(),
                "title": document.title,
                "may_be_served": document.may_be_served,
            }
        )
    files["data/case.json"] = to_json(case, documents=entries)
    files["data/provenance.jsonld"] = make_provenance(case=case)
    original_path, preview_path = original_paths(case), preview_paths(case)
    for exhibit in case.exhibits:
        if exhibit.item_id not in originals:
            raise LookupError(f"The original of exhibit {exhibit.reference} was not given.")
        files[original_path[exhibit.item_id]] = originals[exhibit.item_id]
        for preview in exhibit.previews:
            key = (exhibit.item_id, preview.sha256)
            if key not in previews:
                raise LookupError(
                    f"The preview {preview.name} of exhibit {exhibit.reference} was not given."
                )
            files[preview_path[key]] = previews[key]
    # A case that is sent for advice before charge is complete without a message to the court.
    if not case.charges:
        return Package(files=files)
    message = make_new_case(case=case)
    if message.xml is not None:
        files[NEW_CASE_PATH] = message.xml
    return Package(files=files, message_missing=message.missing, message_warnings=message.warnings)
