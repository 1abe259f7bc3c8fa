"""What is in a file from a phone: all of it is checked before anything is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from bluelamp.casework.crimes.models import Crime
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.accounts.device_rules import is_signed_by
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.text import is_storable
from bluelamp.records.reference.lookups import get_offence
from bluelamp.services.phone_files.file_format import PhoneFileReader, Readable, read_header
from bluelamp.services.phone_files.keys import find_private_key
from bluelamp.services.phone_files.models import PhoneFileKey
from bluelamp.services.phone_files.rules import (
    Entry,
    Fault,
    FileRejected,
    Header,
    Manifest,
    build_signed_text,
)

_KINDS = {
    "crime": "Crime",
    "addition": "Addition to a crime",
    "assessment": "Risk assessment",
    "encounter": "Encounter",
    "statement": "Statement",
    "item": "Photo or file",
    "visit-photo": "Photo of a visit",
    "answer": "Answer to a question from the desk",
}
_ENCOUNTERS = {"stop-search": "Stop and search"}
UNKNOWN_KIND = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCapture:
    """One capture of a file, as the desk is shown it: nobody is named but the officer.

    `officer_name` is "" for somebody who is no officer of the force.
    """

    entry: Entry
    officer_name: str
    kind: str
    label: str
    made_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file that a phone of the force saved, and every capture in it.

    `needs_decision` says why somebody at the desk has to decide about it; "" where nothing is
    unusual.
    """

    header: Header
    manifest: Manifest
    device_name: str
    needs_decision: str
    captures: tuple[FoundCapture, ...]


def keys_folder() -> Path:
    """Return the folder of the private keys."""
    return Path(settings.BLUELAMP_VAR) / "keys"


def open_contents(
    file: Readable, *, size: int, force: str
) -> tuple[Header, Manifest, PhoneFileReader]:
    """Open a file for a force, and read its list, whose signature is not checked here.

    Raises:
        FileRejected: It can't be read.
    """
    header = read_header(file)
    if header.force != force:
        raise FileRejected(Fault.OTHER_FORCE)
    if not PhoneFileKey.objects.filter(force=force, key_id=header.key_id).exists():
        raise FileRejected(Fault.KEY_UNKNOWN)
    key = find_private_key(keys_folder(), header.key_id)
    if key is None:
        raise FileRejected(Fault.KEY_UNKNOWN)
    reader = PhoneFileReader(file, header=header, size=size, key=key)
    return header, reader.read_manifest(), reader


def check_file(file: Readable, *, size: int, force: str, at: datetime) -> CheckedFile:
    """Read a file from its beginning to its end, and return what is in it.

    Raises:
        FileRejected: It is not a file that a phone of this force saved, as it saved it.
    """
    header, manifest, reader = open_contents(file, size=size, force=force)
    phones = {
        row.officer_id: row
        for row in Device.objects.select_related("officer").filter(
            installation_id=header.device_id, force=force
        )
    }
    if not phones:
        raise FileRejected(Fault.PHONE_UNKNOWN)
    _check_signature(header, manifest, phones)
    officers = _officer_names(manifest, force)
    # Of each only what is shown: the bytes of all of them together may be many.
    captures = [
        (open_entry.entry, _summarise(open_entry.capture))
        for open_entry in reader.read_entries(manifest)
    ]
    crimes = _crime_numbers([summary for _, summary in captures], force)
    return CheckedFile(
        header=header,
        manifest=manifest,
        device_name=next(iter(phones.values())).name,
        needs_decision=_find_doubt(manifest, phones),
        captures=tuple(
            FoundCapture(
                entry=entry,
                officer_name=officers.get(entry.officer_id, ""),
                kind=summary.kind,
                label=_describe(summary, crimes, at=at),
                made_at=summary.made_at,
            )
            for entry, summary in captures
        ),
    )


@dataclass(frozen=True, slots=True)
class _Summary:
    """What a capture says of itself. Everything is "" or None where it says nothing sensible."""

    kind: str
    id: str
    crime_id: UUID | None
    number: str
    offence_code: str
    question_set: str
    made_at: datetime | None


def _check_signature(header: Header, manifest: Manifest, phones: dict[UUID, Device]) -> None:
    text = build_signed_text(
        header_sha256=hashlib.sha256(header.raw).hexdigest(),
        manifest_sha256=hashlib.sha256(manifest.raw).hexdigest(),
    )
    # One phone has one key, whoever uses it.
    key = next(iter(phones.values())).public_key
    if not is_signed_by(public_key=key, signature=manifest.signature, text=text):
        raise FileRejected(Fault.SIGNATURE_WRONG)


def _find_doubt(manifest: Manifest, phones: dict[UUID, Device]) -> str:
    """Return why a person has to decide whether to bring it in.

    A phone that was blocked may be in the wrong hands: its key still signs.
    """
    for row in phones.values():
        if row.blocked_at:
            return f"This phone is blocked: {row.blocked_reason}"[:200]
    for officer_id in {entry.officer_id for entry in manifest.entries}:
        phone = phones.get(officer_id)
        if phone is None:
            return "Something on it was recorded by somebody who never used this phone."
        if not phone.officer.is_active:
            return f"The account of {phone.officer.display_name} is closed."[:200]
    return ""


def _officer_names(manifest: Manifest, force: str) -> dict[UUID, str]:
    ids = {entry.officer_id for entry in manifest.entries}
    return {user.id: user.display_name for user in User.objects.filter(id__in=ids, force=force)}


def _crime_numbers(captures: list[_Summary], force: str) -> dict[str, str]:
    """Return the numbers of the crimes that captures are about, by the crime's id."""
    numbers = {
        summary.id: summary.number or "without a number yet"
        for summary in captures
        if summary.kind == "crime"
    }
    ids = {summary.crime_id for summary in captures if summary.crime_id}
    rows = Crime.objects.filter(id__in=ids, force=force).select_related("number")
    return numbers | {str(crime.id): str(crime.number) for crime in rows}


def _summarise(raw: bytes) -> _Summary:
    """Return what a capture is. What is no capture has an unknown kind, and is refused later."""
    try:
        data = json.loads(raw.decode())
    except (ValueError, RecursionError):
        data = {}
    data = _object(data)
    body = _object(data.get("body"))
    answers = _object(body.get("answers"))
    kind = _short(data.get("kind"))
    try:
        crime_id = UUID(_short(body.get("crime_id")))
    except ValueError:
        crime_id = None
    return _Summary(
        kind=kind if kind in _KINDS else UNKNOWN_KIND,
        id=_short(data.get("id")),
        crime_id=crime_id,
        number=_short(body.get("number")),
        offence_code=_short(body.get("offence_code")),
        question_set=_short(answers.get("question_set")),
        made_at=_made_at(data),
    )


def _describe(summary: _Summary, crimes: dict[str, str], *, at: datetime) -> str:
    """Return what a capture is, in words that name nobody."""
    title = _KINDS.get(summary.kind, "Something that we can’t read")
    if summary.kind == "crime":
        code = summary.offence_code
        offence = get_offence(code, on=london_date(at)) if code else None
        numbered = f"{title} {crimes.get(summary.id, '')}".strip()
        return f"{numbered}, {offence.label or offence.title}"[:300] if offence else numbered
    if summary.kind == "encounter":
        name = summary.question_set
        return _ENCOUNTERS.get(name, name.replace("-", " ").capitalize() or title)
    number = crimes.get(str(summary.crime_id), "")
    return f"{title}, {number}" if number else title


def _made_at(data: dict[str, Any]) -> datetime | None:
    for name in ("made_at", "device_at"):
        try:
            moment = datetime.fromisoformat(_short(data.get(name)))
        except ValueError:
            continue
        if moment.tzinfo and 1970 <= moment.year <= 2200:
            return moment
    return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _short(value: Any) -> str:
    """Return a short text that can be stored; "" for anything else."""
    return value if isinstance(value, str) and len(value) <= 60 and is_storable(value) else ""
