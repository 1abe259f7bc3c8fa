"""Everything that lies under `data/` in a case file package (CONTRACT.md), from the facts and the
bytes held.

Originals go in as they are; nothing here opens them. `records.evidence` writes the bag and its seal
around this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from bluelamp.casework.casefiles.case_json import to_json
from bluelamp.casework.casefiles.documents import documents_of
from bluelamp.casework.casefiles.facts import CaseFacts
from bluelamp.casework.casefiles.messages import Missing, new_case
from bluelamp.casework.casefiles.naming import original_paths, preview_paths
from bluelamp.casework.casefiles.provenance import provenance


@dataclass(frozen=True, kw_only=True)
class Package:
    """The files by their path in the package, and what the message to the court lacked or had to
    respell.

    There is a `data/messages/NewCase.xml` exactly where somebody is charged and `message_missing`
    is empty.
    """

    files: Mapping[str, bytes | Path]
    message_missing: tuple[Missing, ...] = ()
    message_warnings: tuple[str, ...] = ()


def files_of(
    *,
    facts: CaseFacts,
    originals: Mapping[UUID, Path],
    previews: Mapping[tuple[UUID, str], bytes | Path] | None = None,
) -> Package:
    """The payload of the package: `data/…` paths to bytes, or to a file to copy.

    `originals` are stored files by item id; `previews` by item id and SHA-256. Raises
    `LookupError`, naming the exhibit, where an original or a preview that the facts list is not
    given.
    """
    files: dict[str, bytes | Path] = {}
    listed: list[dict[str, str | bool]] = []
    for document in documents_of(facts=facts):
        path = f"data/documents/{document.name}"
        files[path] = document.pdf
        listed.append(
            {
                "path": path,
                "sha256": sha256(document.pdf).hexdigest(),
                "title": document.title,
                "may_be_served": document.may_be_served,
            }
        )
    files["data/case.json"] = to_json(facts, documents=listed)
    files["data/provenance.jsonld"] = provenance(facts=facts)
    original_at, preview_at = original_paths(facts), preview_paths(facts)
    for exhibit in facts.exhibits:
        if exhibit.item_id not in originals:
            raise LookupError(f"The original of exhibit {exhibit.reference} was not given.")
        files[original_at[exhibit.item_id]] = originals[exhibit.item_id]
        for preview in exhibit.previews:
            key = (exhibit.item_id, preview.sha256)
            if key not in (previews or {}):
                raise LookupError(
                    f"The preview {preview.name} of exhibit {exhibit.reference} was not given."
                )
            files[preview_at[key]] = (previews or {})[key]
    if not facts.charges:
        return Package(files=files)
    message = new_case(facts=facts)
    if message.xml is not None:
        files["data/messages/NewCase.xml"] = message.xml
    return Package(files=files, message_missing=message.missing, message_warnings=message.warnings)
