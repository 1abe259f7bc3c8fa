"""Receives captures: the bytes are held to their hash, read to the letter, and given to the command
of their kind.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pydantic
from django.http import HttpRequest
from pydantic import TypeAdapter

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.crimes.rules import SceneCrime, SceneItem
from bluelamp.casework.investigations import commands as investigations
from bluelamp.casework.investigations.rules import SceneStatement, StatementBackDetails
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.receipts import receipt
from bluelamp.records.people.rules import PersonDetails, PlaceDetails
from bluelamp.web.officer.schemas import (
    Capture,
    CrimeCapture,
    ItemCapture,
    Place,
    Receipt,
    StatementCapture,
    Victim,
)
from bluelamp.web.problems import Problem, fields

MOST_BYTES = 2 * 1024**2
CAPTURE: TypeAdapter[CrimeCapture | StatementCapture | ItemCapture] = TypeAdapter(Capture)
_KINDS = frozenset({"crime", "statement", "item"})
_HEX = re.compile(r"[0-9a-f]{64}")


def receive(
    request: HttpRequest, *, actor: Actor, at: datetime, capture_id: UUID
) -> tuple[bool, Receipt]:
    """Take a capture in; returns whether it is new, and its receipt: the same one each time it is
    sent.

    Raises Problem 400 (not the bytes that were hashed), 413, 415, 422, 424 (its crime is not here
    yet), and what the command raises: Conflict for the same id with other bytes, NotFound,
    NotPermitted, Refused.
    """
    raw = _bytes(request)
    sha256 = hashlib.sha256(raw).hexdigest()
    if sha256 != _announced(request):
        raise Problem(
            400, "The bytes that arrived are not those that were hashed. Send them again."
        )
    capture = _read(raw, capture_id)
    try:
        is_new, number = _keep(actor, at, capture, sha256)
    except Refused as refusal:
        told = capture.body.model_dump()
        raise Refused(
            errors={_path(told, name): said for name, said in refusal.errors.items()}
        ) from None
    kept = receipt(capture_id=capture_id)
    if kept is None:
        raise RuntimeError(f"capture {capture_id} was taken in and has no receipt")
    return is_new, Receipt(
        id=kept.id,
        sha256=kept.sha256,
        received_at=kept.received_at,
        kind=capture.kind,
        number=number,
    )


def _bytes(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise Problem(415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Problem(413, "A capture may have 2 MB.")
    return request.body


def _announced(request: HttpRequest) -> str:
    said = request.headers.get("X-Content-SHA256", "").lower()
    if not _HEX.fullmatch(said):
        raise Problem(
            400, "The header X-Content-SHA256 must be the SHA-256 of the body, in hexadecimal."
        )
    return said


def _read(raw: bytes, capture_id: UUID) -> CrimeCapture | StatementCapture | ItemCapture:
    try:
        capture = CAPTURE.validate_json(raw)
    except pydantic.ValidationError as wrong:
        found = fields(wrong.errors(include_url=False), drop=_KINDS)
        raise Problem(422, errors={name or "kind": said for name, said in found.items()}) from None
    own = {"id": capture.id}
    match capture:
        case CrimeCapture():
            own["crime_id"] = capture.body.crime_id
        case StatementCapture():
            own["statement_id"] = capture.body.statement_id
        case ItemCapture():
            own["item_id"] = capture.body.item_id
    if wrong_ids := [name for name, value in own.items() if value != capture_id]:
        raise Problem(
            422,
            errors=dict.fromkeys(wrong_ids, "This must be the id that the capture is sent under."),
        )
    return capture


def _keep(
    actor: Actor, at: datetime, capture: CrimeCapture | StatementCapture | ItemCapture, sha256: str
) -> tuple[bool, str | None]:
    match capture:
        case CrimeCapture():
            made = crimes.record_at_scene(
                actor=actor, at=at, capture=_crime(capture), sha256=sha256
            )
            return made.is_new, made.number
        case StatementCapture():
            try:
                taken = investigations.take_statement(
                    actor=actor, at=at, capture=_statement(capture), sha256=sha256
                )
            except NotFound:
                raise Problem(424) from None
            return taken.is_new, None
        case ItemCapture():
            try:
                is_new = crimes.capture_item(
                    actor=actor, at=at, capture=_item(capture), sha256=sha256
                )
            except NotFound:
                raise Problem(424) from None
            return is_new, None


def _path(told: Mapping[str, Any], name: str) -> str:
    """Return where in a body a field is that a command named alone."""
    if name in told:
        return name
    inside = (
        outer for outer, value in told.items() if isinstance(value, Mapping) and name in value
    )
    outer = next(inside, None)
    return f"{outer}.{name}" if outer else name


def _place(place: Place) -> PlaceDetails:
    return PlaceDetails(**place.model_dump())


def _crime(capture: CrimeCapture) -> SceneCrime:
    body = capture.body
    place = _place(body.location)
    victim, contact = _victim(body.victim, place) if body.victim else (None, None)
    return SceneCrime(
        crime_id=body.crime_id,
        number=body.number,
        lease_id=body.lease_id,
        device_id=capture.device_id,
        device_at=capture.device_at,
        offence_code=body.offence_code,
        occurred_from=body.occurred_from,
        occurred_to=body.occurred_to,
        summary=body.summary,
        location=place,
        victim=victim,
        victim_id=body.victim.person_id if body.victim else None,
        contact=contact,
        contact_id=body.victim.contact_id if body.victim else None,
        related_number=body.related_number or "",
    )


def _victim(told: Victim, place: PlaceDetails) -> tuple[PersonDetails, PersonDetails | None]:
    """Return the victim, and who speaks for it where it is a business and somebody was named."""
    address = place if told.address_same else None
    named = PersonDetails(
        given_name=told.given_name,
        family_name=told.family_name,
        born_on=told.born_on,
        phone=told.phone,
        email=told.email,
        is_safe_to_contact=told.safe_to_contact,
    )
    if not told.business_name.strip():
        return replace(named, address=address), None
    business = PersonDetails(
        business_name=told.business_name, address=address, is_safe_to_contact=told.safe_to_contact
    )
    if not (told.given_name.strip() or told.family_name.strip()):
        return replace(business, phone=told.phone, email=told.email), None
    return business, named


def _statement(capture: StatementCapture) -> SceneStatement:
    body, back = capture.body, capture.body.back
    return SceneStatement(
        statement_id=body.statement_id,
        crime_id=body.crime_id,
        person_id=body.person_id,
        maker_name=body.maker_name,
        age=body.age,
        occupation=body.occupation,
        text=body.text,
        declaration=body.declaration,
        pages=body.pages,
        is_read_over=body.read_over,
        signed_at=body.signed_at,
        signature=body.signature.model_dump(),
        taken_at_place=body.taken_at_place,
        device_id=capture.device_id,
        device_at=capture.device_at,
        back=StatementBackDetails(
            address=PlaceDetails(address=back.address, postcode=back.postcode),
            phone=back.phone,
            email=back.email,
            dates_not_available=back.dates_not_available,
            is_willing_to_attend=back.willing_to_attend,
            needs_special_measures=back.special_measures_needed,
            vps=back.vps,
        ),
    )


def _item(capture: ItemCapture) -> SceneItem:
    return SceneItem(
        device_id=capture.device_id, device_at=capture.device_at, **capture.body.model_dump()
    )
