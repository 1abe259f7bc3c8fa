"""Receive captures: check their hash, read them strictly, and pass them to their command."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeAlias, cast
from uuid import UUID

import pydantic
from django.http import HttpRequest
from pydantic import Field, TypeAdapter

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.encounters import commands as encounters
from bluelamp.casework.investigations import commands as investigations
from bluelamp.casework.victims import commands as victims
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.device_clock import (
    DeviceTimes,
    find_clock_change,
    find_clock_error,
    parse_device_time,
)
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.receipts import get_receipt
from bluelamp.services.firearms import commands as firearms
from bluelamp.web.formats import format_duration
from bluelamp.web.officer.capture_inputs import (
    to_corrected_encounter,
    to_new_contact,
    to_scene_addition,
    to_scene_answer,
    to_scene_assessment,
    to_scene_crime,
    to_scene_encounter,
    to_scene_item,
    to_scene_statement,
)
from bluelamp.web.officer.schemas import (
    AdditionCaptureSchema,
    AssessmentCaptureSchema,
    CrimeCaptureSchema,
    EncounterCaptureSchema,
    FileSchema,
    ItemCaptureSchema,
    ReceiptSchema,
    StatementCaptureSchema,
)
from bluelamp.web.officer.task_schemas import AnswerCaptureSchema, ContactCaptureSchema
from bluelamp.web.officer.visit_endpoints import to_visit_photo
from bluelamp.web.officer.visit_schemas import VisitPhotoCaptureSchema
from bluelamp.web.problems import ApiError, errors_by_field

# Text and a drawn signature: photos and videos come by tus.
MAX_CAPTURE_BYTES = 2 * 1024**2
AnyCapture: TypeAlias = (
    CrimeCaptureSchema
    | AdditionCaptureSchema
    | AssessmentCaptureSchema
    | EncounterCaptureSchema
    | StatementCaptureSchema
    | ItemCaptureSchema
    | VisitPhotoCaptureSchema
    | AnswerCaptureSchema
    | ContactCaptureSchema
)
CAPTURE: TypeAdapter[AnyCapture] = TypeAdapter(Annotated[AnyCapture, Field(discriminator="kind")])
_KINDS = frozenset(
    {
        *("crime", "addition", "assessment", "encounter", "statement", "item"),
        *("visit-photo", "answer", "contact"),
    }
)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def receive_capture(
    request: HttpRequest,
    *,
    actor: Actor,
    at: datetime,
    capture_id: UUID,
    installation_id: UUID,
) -> tuple[bool, ReceiptSchema]:
    """Receive a capture.

    Args:
        request: Its body is the capture.
        actor: The officer who sends it.
        at: The time.
        capture_id: The id that it is sent under.
        installation_id: The phone that sends it, which must be the one that made it.

    Returns:
        Whether it is new, and its receipt, which is the same each time that it is sent.

    Raises:
        ApiError: 400, these are not the bytes that were hashed; 413; 415; 422; or 424, its crime is
            not here yet.
        Conflict: The id was received with other bytes.
        NotFound, NotPermitted, Refused: As the capture's command.
    """
    body = _read_body(request)
    sha256 = hashlib.sha256(body).hexdigest()
    # TCP's own checksum misses one fault in some millions, and proxies may change a body.
    if sha256 != _announced_sha256(request):
        raise ApiError(
            400, "The bytes that arrived are not the ones that were hashed. Send them again."
        )
    return receive_capture_bytes(
        body,
        actor=actor,
        at=at,
        capture_id=capture_id,
        installation_id=installation_id,
        sent_at=parse_device_time(request.headers.get("X-Device-Time", "")),
    )


def receive_capture_bytes(
    body: bytes,
    *,
    actor: Actor,
    at: datetime,
    capture_id: UUID,
    installation_id: UUID,
    sent_at: datetime | None,
) -> tuple[bool, ReceiptSchema]:
    """Receive the bytes of a capture, which are those that its phone sealed.

    Args:
        sent_at: When the phone sent it, by its clock; None where it did not say.

    The other arguments, the answer and the errors are those of `receive_capture`.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    capture = _parse_capture(body, capture_id)
    # Otherwise an enrolled phone could send captures in the name of one that is blocked.
    if capture.device_id != installation_id:
        raise ApiError(422, errors={"device_id": "This must be the device that sends it"})
    try:
        is_new, number = _run_command(actor, at, capture, sha256, sent_at)
    except Refused as refused:
        fields = capture.body.model_dump()
        raise Refused(
            errors=[
                replace(problem, field=_field_path(fields, problem.field))
                for problem in refused.problems
            ]
        ) from None
    receipt = get_receipt(capture_id=capture_id)
    # Every capture's command writes one, so this is a fault of ours and not of the phone's.
    if receipt is None:
        raise RuntimeError(f"capture {capture_id} was received and has no receipt")
    return is_new, ReceiptSchema(
        id=receipt.id,
        sha256=receipt.sha256,
        received_at=receipt.received_at,
        kind=capture.kind,
        number=number,
        clock_notice=_clock_notice(
            DeviceTimes(
                device_at=capture.device_at,
                made_at=capture.made_at,
                sent_at=sent_at,
                received_at=receipt.received_at,
            )
        ),
    )


def read_announced_file(raw: bytes, receipt: ReceiptSchema) -> dict[str, Any] | None:
    """Return id, size and hash of the file that a received capture announces; None without one.

    Args:
        raw: The capture's bytes.
        receipt: Its receipt.
    """
    if receipt.kind != "item":
        return None
    body = json.loads(raw)["body"]
    return {"item_id": receipt.id, "size": body["size"], "sha256": body["sha256"]}


def read_file_body(raw: bytes) -> FileSchema:
    """Return what a received capture says of its photo or file."""
    capture = CAPTURE.validate_json(raw)
    # Its kind was checked by whoever received it.
    return cast(FileSchema, capture.body)


def _clock_notice(times: DeviceTimes) -> str:
    """Return by how much a phone's clock is wrong, in words; "" where it is not."""
    if find_clock_change(times):
        return (
            "The clock of this phone was changed after it last had signal. We kept both times. "
            "Check when this happened."
        )
    error = find_clock_error(times)
    if error is None:
        return ""
    direction = "fast" if error > timedelta(0) else "slow"
    return f"This phone’s clock is {format_duration(error)} {direction}. We kept both times."


def _read_body(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise ApiError(415)
    # By the announced length, before a byte of it is read.
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_CAPTURE_BYTES:
        raise ApiError(413, "A capture must be 2 MB or smaller.")
    return request.body


def _announced_sha256(request: HttpRequest) -> str:
    sha256 = request.headers.get("X-Content-SHA256", "").lower()
    if not _SHA256.fullmatch(sha256):
        raise ApiError(
            400, "The header X-Content-SHA256 must be the SHA-256 of the body, in hexadecimal."
        )
    return sha256


def _parse_capture(body: bytes, capture_id: UUID) -> AnyCapture:
    """Return the capture, if it is valid and has the id that it was sent under.

    Raises:
        ApiError: 422.
    """
    try:
        # From the very bytes that were hashed, and not from anything that was parsed before.
        capture = CAPTURE.validate_json(body)
    except pydantic.ValidationError as invalid:
        errors = errors_by_field(invalid.errors(include_url=False), drop=_KINDS)
        # An error without a path means that no kind of capture fits.
        raise ApiError(
            422, errors={name or "kind": text for name, text in errors.items()}
        ) from None
    # The id is in the address, the envelope and the body. The receipt is by the first and the row
    # by the last, so they must agree.
    own_ids = {"id": capture.id}
    match capture:
        case CrimeCaptureSchema():
            own_ids["crime_id"] = capture.body.crime_id
        case AdditionCaptureSchema():
            own_ids["addition_id"] = capture.body.addition_id
        case AssessmentCaptureSchema():
            own_ids["assessment_id"] = capture.body.assessment_id
        case EncounterCaptureSchema():
            own_ids["encounter_id"] = capture.body.encounter_id
        case StatementCaptureSchema():
            own_ids["statement_id"] = capture.body.statement_id
        case ItemCaptureSchema():
            own_ids["item_id"] = capture.body.item_id
        case AnswerCaptureSchema():
            own_ids["answer_id"] = capture.body.answer_id
        case ContactCaptureSchema():
            own_ids["contact_id"] = capture.body.contact_id
        case VisitPhotoCaptureSchema():
            own_ids["photo_id"] = capture.body.photo_id
    if other_ids := [name for name, value in own_ids.items() if value != capture_id]:
        raise ApiError(
            422,
            errors=dict.fromkeys(other_ids, "This must be the id that the capture is sent under"),
        )
    return capture


def _run_command(
    actor: Actor, at: datetime, capture: AnyCapture, sha256: str, sent_at: datetime | None
) -> tuple[bool, str | None]:
    """Run the capture's command.

    Args:
        sent_at: When it was sent, by the phone's clock; None where it did not say.

    Returns:
        Whether the capture is new, and a crime's number or an encounter's reference.
    """
    match capture:
        case CrimeCaptureSchema():
            recorded = crimes.record_at_scene(
                actor=actor, at=at, capture=to_scene_crime(capture, sent_at), sha256=sha256
            )
            return recorded.is_new, recorded.number
        case AdditionCaptureSchema():
            try:
                added = investigations.add_from_scene(
                    actor=actor, at=at, capture=to_scene_addition(capture), sha256=sha256
                )
            except NotFound:
                raise ApiError(424) from None
            return added.is_new, None
        case AssessmentCaptureSchema():
            try:
                is_new = crimes.assess_risk_at_scene(
                    actor=actor, at=at, capture=to_scene_assessment(capture), sha256=sha256
                )
            except NotFound:
                raise ApiError(424) from None
            return is_new, None
        case EncounterCaptureSchema() if capture.body.corrects:
            correction = to_corrected_encounter(capture, capture.body.corrects)
            corrected = encounters.correct_encounter(
                actor=actor, at=at, correction=correction, sha256=sha256
            )
            return corrected.is_new, corrected.reference
        case EncounterCaptureSchema():
            encounter = encounters.record_at_scene(
                actor=actor, at=at, capture=to_scene_encounter(capture, sent_at), sha256=sha256
            )
            return encounter.is_new, encounter.reference
        case StatementCaptureSchema():
            try:
                statement = investigations.take_statement(
                    actor=actor, at=at, capture=to_scene_statement(capture, sent_at), sha256=sha256
                )
            except NotFound:
                # The app sends the crime first, and then this again.
                raise ApiError(424) from None
            return statement.is_new, None
        case ItemCaptureSchema():
            try:
                announce = (
                    investigations.announce_exhibit
                    if capture.body.exhibit_reference
                    else crimes.announce_captured_item
                )
                is_new = announce(
                    actor=actor, at=at, capture=to_scene_item(capture, sent_at), sha256=sha256
                )
            except NotFound:
                raise ApiError(424) from None
            return is_new, None
        case AnswerCaptureSchema():
            answer = to_scene_answer(capture)
            return investigations.answer_from_scene(
                actor=actor, at=at, capture=answer, sha256=sha256
            ), None
        case ContactCaptureSchema():
            try:
                return victims.record_contact(
                    actor=actor, at=at, contact=to_new_contact(capture), sha256=sha256
                ), None
            except NotFound:
                raise ApiError(424) from None
        case VisitPhotoCaptureSchema():
            photo = to_visit_photo(capture, sent_at)
            return firearms.announce_visit_photo(
                actor=actor, at=at, photo=photo, sha256=sha256
            ), None


def _field_path(fields: Mapping[str, Any], name: str) -> str:
    """Return the path of a field in the body: a command only knows the last part of it."""
    if name in fields:
        return name
    for outer, value in fields.items():
        # One level is enough: no capture has a field deeper in.
        if isinstance(value, Mapping) and name in value:
            return f"{outer}.{name}"
    # What an encounter's command names is a question.
    if "encounter_id" not in fields:
        return name
    return "correction_reason" if name == "reason" else f"answers.values.{name}"
