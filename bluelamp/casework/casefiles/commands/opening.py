"""Open a package, one of its documents or a preview: on the audit record, and in continuity.

The force's own staff open the newest version; the prosecutor opens the one that was sent, and
nothing before.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.queries import (
    documents_of,
    facts_of,
    find_case_file,
    find_received,
    items_of,
    newest_version,
    sent_version,
)
from bluelamp.casework.casefiles.stored import seekable
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.rules import Verb, is_new_view
from bluelamp.records.evidence.store import current_store


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package to hand out, byte for byte: close `file`. `sha256` is that of the zip."""

    file: BinaryIO
    size: int
    filename: str
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """A document or a preview to show: close `file`."""

    file: BinaryIO
    size: int
    filename: str
    media_type: str


@command(may="casefile.view", act="casefile.package_opened", category=Category.DISCLOSURE)
def open_package(*, actor: Actor, at: datetime, urn: str) -> OpenedPackage:
    """Open the newest package for copying: `copied` in each exhibit's continuity. Raises
    NotFound.
    """
    case_file = find_case_file(force=actor.force, urn=urn)
    return _package(actor, at, case_file, newest_version(case_file))


@command(may="casefile.receive", act="casefile.package_received", category=Category.DISCLOSURE)
def open_received_package(*, actor: Actor, at: datetime, urn: str) -> OpenedPackage:
    """Open the package that was sent, for the prosecutor: `copied` in each exhibit's continuity.
    Raises NotFound.
    """
    case_file = find_received(urn=urn)
    return _package(actor, at, case_file, sent_version(case_file))


@command(may="casefile.view", act="casefile.document_opened", category=Category.CONSULTATION)
def open_document(*, actor: Actor, at: datetime, urn: str, name: str) -> OpenedPart:
    """Open a document of the newest package by its file name. Raises NotFound."""
    case_file = find_case_file(force=actor.force, urn=urn)
    return _document(case_file, newest_version(case_file), name)


@command(may="casefile.receive", act="casefile.document_received", category=Category.CONSULTATION)
def open_received_document(*, actor: Actor, at: datetime, urn: str, name: str) -> OpenedPart:
    """Open a document of the package that was sent, for the prosecutor. Raises NotFound."""
    case_file = find_received(urn=urn)
    return _document(case_file, sent_version(case_file), name)


@command(may="casefile.view", act="casefile.exhibit_viewed", category=Category.CONSULTATION)
def open_preview_of(
    *, actor: Actor, at: datetime, urn: str, item_id: UUID, kind: str
) -> OpenedPart:
    """Open a preview of an exhibit of the newest package. Raises NotFound."""
    case_file = find_case_file(force=actor.force, urn=urn)
    return _preview(actor, at, case_file, newest_version(case_file), item_id, kind)


@command(may="casefile.receive", act="casefile.exhibit_received", category=Category.CONSULTATION)
def open_received_preview(
    *, actor: Actor, at: datetime, urn: str, item_id: UUID, kind: str
) -> OpenedPart:
    """Open a preview of an exhibit that was sent, for the prosecutor: `viewed` in continuity, once
    an hour.

    Raises NotFound.
    """
    case_file = find_received(urn=urn)
    return _preview(actor, at, case_file, sent_version(case_file), item_id, kind)


def _package(
    actor: Actor, at: datetime, case_file: CaseFile, version: CaseFileVersion
) -> OpenedPackage:
    detail = {
        "case_file": case_file.urn,
        "version": version.number,
        "package_sha256": version.sha256,
    }
    for item in items_of(case_file=case_file, facts=facts_of(version)):
        write_continuity(
            actor=actor, at=at, item=item, verb=Verb.COPIED, to=actor.name,
            why=f"Package of case file {case_file.urn}", detail=detail,
        )  # fmt: skip
    record_act(case_file, ref=case_file.urn, detail=detail)
    return OpenedPackage(
        file=current_store().open(version.sha256),
        size=version.size,
        filename=f"{case_file.urn}.zip",
        sha256=version.sha256,
    )


def _document(case_file: CaseFile, version: CaseFileVersion, name: str) -> OpenedPart:
    if name not in {document.name for document in documents_of(version)}:
        raise NotFound("There is no such document in this case file.")
    with seekable(version.sha256) as package, zipfile.ZipFile(package) as archive:
        entry = archive.getinfo(f"{case_file.urn}/data/documents/{name}")
        file = BytesIO(archive.read(entry))
    record_act(case_file, ref=case_file.urn, detail={"document": name, "version": version.number})
    return OpenedPart(file=file, size=entry.file_size, filename=name, media_type="application/pdf")


def _preview(
    actor: Actor,
    at: datetime,
    case_file: CaseFile,
    version: CaseFileVersion,
    item_id: UUID,
    kind: str,
) -> OpenedPart:
    exhibit = next((each for each in facts_of(version).exhibits if each.item_id == item_id), None)
    item = Item.objects.select_related("blob").filter(id=item_id, force=case_file.force).first()
    preview = item.previews.filter(kind=kind.replace("\0", "")).first() if item else None
    if exhibit is None or item is None or preview is None or item.is_held_back:
        raise NotFound("There is no such exhibit in this case file.")
    seen = Continuity.objects.filter(
        item=item, verb=Verb.VIEWED, by_id=actor.id, by_name=actor.name
    )
    last = seen.order_by("-sequence").values_list("at", flat=True).first()
    if is_new_view(last_viewed_at=last, at=at):
        write_continuity(
            actor=actor, at=at, item=item, verb=Verb.VIEWED, why=f"Case file {case_file.urn}",
            detail={"preview": kind},
        )  # fmt: skip
    record_act(
        case_file,
        ref=f"{case_file.urn} {exhibit.reference}",
        detail={"item": str(item_id), "preview": kind},
    )
    store = current_store()
    return OpenedPart(
        file=store.open(preview.blob_id),
        size=store.size(preview.blob_id),
        filename=f"{kind}-{item.filename}",
        media_type=preview.media_type,
    )
