"""Open a package, one of its documents or a preview: on the audit record and in continuity.

Staff of the force open the newest version. The prosecutor opens the version that was sent, and
nothing before that.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.casefiles.policy import case_file_policy
from bluelamp.casework.casefiles.reads import (
    get_newest_version,
    get_submitted_version,
    list_documents,
    list_item_ids,
    normalise_urn,
    read_case,
)
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.blob_files import open_seekable
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.lookups import find_item
from bluelamp.records.evidence.models import Continuity
from bluelamp.records.evidence.rules import Verb, is_new_view
from bluelamp.records.evidence.store import current_store


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package to download. The caller closes `file`; `sha256` is that of the zip."""

    file: BinaryIO
    size: int
    filename: str
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A document or a preview to show. The caller closes `file`."""

    file: BinaryIO
    size: int
    filename: str
    media_type: str


@command(permission="casefile.view", act="casefile.package_opened", category=Category.DISCLOSURE)
def open_package(*, actor: Actor, at: datetime, urn: str) -> OpenedPackage:
    """Open the newest package, with `copied` in the continuity of each exhibit.

    Raises:
        NotFound: There is no such case file, or no package of it yet.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    return _open_package(actor, at, case_file, get_newest_version(case_file))


@command(
    permission="casefile.receive", act="casefile.package_received", category=Category.DISCLOSURE
)
def open_received_package(*, actor: Actor, at: datetime, urn: str) -> OpenedPackage:
    """Open the package that was sent, with `copied` in the continuity of each exhibit.

    Raises:
        NotFound: There is no such case file, or it was not sent.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    return _open_package(actor, at, case_file, get_submitted_version(case_file))


@command(permission="casefile.view", act="casefile.document_opened", category=Category.CONSULTATION)
def open_document(*, actor: Actor, at: datetime, urn: str, name: str) -> OpenedFile:
    """Open a document of the newest package by its file name.

    Raises:
        NotFound: There is no such case file or document.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    return _open_document(case_file, get_newest_version(case_file), name)


@command(
    permission="casefile.receive",
    act="casefile.document_received",
    category=Category.CONSULTATION,
)
def open_received_document(*, actor: Actor, at: datetime, urn: str, name: str) -> OpenedFile:
    """Open a document of the package that was sent.

    Raises:
        NotFound: There is no such case file or document, or it was not sent.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    return _open_document(case_file, get_submitted_version(case_file), name)


@command(permission="casefile.view", act="casefile.exhibit_viewed", category=Category.CONSULTATION)
def open_preview(*, actor: Actor, at: datetime, urn: str, item_id: UUID, kind: str) -> OpenedFile:
    """Open a preview of an exhibit of the newest package.

    Raises:
        NotFound: There is no such case file, exhibit or preview.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    return _open_preview(actor, at, case_file, get_newest_version(case_file), item_id, kind)


@command(
    permission="casefile.receive", act="casefile.exhibit_received", category=Category.CONSULTATION
)
def open_received_preview(
    *, actor: Actor, at: datetime, urn: str, item_id: UUID, kind: str
) -> OpenedFile:
    """Open a preview of an exhibit that was sent, with `viewed` in its continuity once an hour.

    Raises:
        NotFound: There is no such case file, exhibit or preview, or it was not sent.
    """
    case_file = case_file_policy.get(actor, urn=normalise_urn(urn))
    return _open_preview(actor, at, case_file, get_submitted_version(case_file), item_id, kind)


def _open_package(
    actor: Actor, at: datetime, case_file: CaseFile, version: CaseFileVersion
) -> OpenedPackage:
    detail = {
        "case_file": case_file.urn,
        "version": version.number,
        "package_sha256": version.sha256,
    }
    for item_id in list_item_ids(version):
        write_continuity(
            actor=actor,
            at=at,
            item_id=item_id,
            verb=Verb.COPIED,
            to=actor.name,
            reason=f"Package of case file {case_file.urn}",
            detail=detail,
        )
    record_act(case_file, ref=case_file.urn, detail=detail)
    return OpenedPackage(
        file=current_store().open(version.sha256),
        size=version.size,
        filename=f"{case_file.urn}.zip",
        sha256=version.sha256,
    )


def _open_document(case_file: CaseFile, version: CaseFileVersion, name: str) -> OpenedFile:
    # The name is only looked up in the list, so that it cannot lead to another file in the zip.
    if name not in {document.name for document in list_documents(version)}:
        raise NotFound("There is no such document in this case file.")
    with open_seekable(version.sha256) as package, zipfile.ZipFile(package) as archive:
        entry = archive.getinfo(f"{case_file.urn}/data/documents/{name}")
        # Read whole while the archive is open: a form is at most some hundred kilobytes.
        file = BytesIO(archive.read(entry))
    record_act(case_file, ref=case_file.urn, detail={"document": name, "version": version.number})
    return OpenedFile(file=file, size=entry.file_size, filename=name, media_type="application/pdf")


def _open_preview(
    actor: Actor,
    at: datetime,
    case_file: CaseFile,
    version: CaseFileVersion,
    item_id: UUID,
    kind: str,
) -> OpenedFile:
    exhibits = {exhibit.item_id: exhibit for exhibit in read_case(version).exhibits}
    if item_id not in exhibits:
        raise NotFound("There is no such exhibit in this case file.")
    # The prosecutor may see no item of the force as such, only those of a case file that was sent:
    # so the item is read on behalf of the force.
    reader = Actor.system("case file reader", force=case_file.force, permissions=frozenset())
    item = find_item(actor=reader, item_id=item_id)
    preview = item.preview(kind)
    if preview is None or item.is_quarantined:
        raise NotFound("There is no such exhibit in this case file.")
    # By name as well, because two partner systems can share an actor without an id.
    views = Continuity.objects.filter(
        item_id=item_id, verb=Verb.VIEWED, by_id=actor.id, by_name=actor.name
    )
    last_viewed_at = views.order_by("-sequence").values_list("at", flat=True).first()
    if is_new_view(last_viewed_at=last_viewed_at, at=at):
        write_continuity(
            actor=actor,
            at=at,
            item_id=item_id,
            verb=Verb.VIEWED,
            reason=f"Case file {case_file.urn}",
            detail={"preview": kind},
        )
    record_act(
        case_file,
        ref=f"{case_file.urn} {exhibits[item_id].reference}",
        detail={"item": str(item_id), "preview": kind},
    )
    return OpenedFile(
        file=current_store().open(preview.sha256),
        size=preview.size,
        filename=f"{kind}-{item.filename}",
        media_type=preview.media_type,
    )
