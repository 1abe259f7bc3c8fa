"""Receive a report from another program: read it without copying its files, and run one command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.http import parse_header_parameters
from psycopg.errors import UniqueViolation

from bluelamp.casework.reports.commands import (
    MAX_FILES,
    ReceivedReport,
    UploadedPart,
    receive_report,
)
from bluelamp.casework.reports.rules import ReportAnswers
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.lookups import count_acts
from bluelamp.foundation.kernel.client_address import is_this_machine
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.records.evidence.commands import ItemClaims
from bluelamp.web.partners.multipart import FormPart, open_body, parse_multipart
from bluelamp.web.partners.schemas import FileNoteSchema, ReportSchema
from bluelamp.web.problems import ApiError

MAX_REPORT_BYTES = 256 * 1024  # of the report itself, without its files
MAX_REPORTS_PER_HOUR = 600  # from one address
# The path in the report of each answer that has another name or place there.
_PATHS_BY_ANSWER = {
    "address": "place.address",
    "postcode": "place.postcode",
    "place_detail": "place.detail",
    "home_address": "person.address",
    "home_postcode": "person.postcode",
    **{
        name: f"person.{name}"
        for name in (
            "given_name",
            "family_name",
            "business_name",
            "born_on",
            "email",
            "phone",
            "contact_preference",
            "is_safe_to_contact",
            "safe_contact",
            "safe_contact_detail",
            "language",
        )
    },
}


def receive_report_request(request: HttpRequest) -> ReceivedReport:
    """Receive a report with its files from a request.

    Raises:
        ApiError: The request is too large, too frequent, or not what its content type says.
        ValidationError: The report does not follow its schema.
        Refused: An answer or a file is refused; the fields are paths in the report.
        Conflict: An id was received with other contents.
    """
    at, address = now(), str(request.META.get("REMOTE_ADDR", ""))
    if not is_this_machine(address):
        sent = count_acts(act="report.submitted", address=address, since=at - timedelta(hours=1))
        if sent >= MAX_REPORTS_PER_HOUR:
            raise ApiError(429)
    content_type, _ = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    with open_body(request) as body:
        if content_type == "application/json":
            report, sent_files = _parse_report(memoryview(body)), list[FormPart]()
        elif content_type == "multipart/form-data":
            report, sent_files = _split_parts(
                parse_multipart(body, content_type=request.META["CONTENT_TYPE"])
            )
        else:
            raise ApiError(415)
        files = _to_uploaded_parts(report.files, sent_files)
        try:
            return receive_report(
                actor=public_actor(address=address, force=settings.BLUELAMP_FORCE),
                at=at,
                report_id=report.id,
                answers=_to_answers(report),
                files=files,
                device_at=report.sent_at,
            )
        except Refused as refused:
            problems = [
                replace(problem, field=_PATHS_BY_ANSWER.get(problem.field, problem.field))
                for problem in refused.problems
            ]
            raise Refused(refused.message, errors=problems) from None
        except IntegrityError as error:
            # An id in the report belongs to another item already, or was taken at the same moment.
            if isinstance(error.__cause__, UniqueViolation):
                raise Conflict(
                    "We already have an id in this report for something else. Send it with a new id"
                ) from error
            raise
        finally:
            # The buffer cannot be closed while a part still looks into it.
            for part in sent_files:
                part.content.release()


def _parse_report(content: memoryview) -> ReportSchema:
    if len(content) > MAX_REPORT_BYTES:
        raise ApiError(413)
    return ReportSchema.model_validate_json(bytes(content))


def _split_parts(parts: Sequence[FormPart]) -> tuple[ReportSchema, list[FormPart]]:
    reports = [part for part in parts if part.name == "report"]
    files = [part for part in parts if part.name == "files"]
    if len(reports) != 1:
        raise ApiError(
            422, errors={"report": "Send one part called “report” with the report as JSON"}
        )
    if others := {part.name for part in parts} - {"report", "files"}:
        raise ApiError(
            422, errors={name[:60]: "This is not a part we know" for name in sorted(others)[:10]}
        )
    if len(files) > MAX_FILES:
        raise ApiError(422, errors={"files": f"You can only send {MAX_FILES} files with a report"})
    return _parse_report(reports[0].content), files


def _to_uploaded_parts(
    notes: Sequence[FileNoteSchema], sent: Sequence[FormPart]
) -> list[UploadedPart]:
    """Return the files with their notes. The first note is about the first file, and so on."""
    if len(notes) > len(sent):
        raise ApiError(
            422,
            errors={
                "files": f"There are {len(notes)} notes about files but only {len(sent)} files"
            },
        )
    all_notes = [*notes, *(FileNoteSchema() for _ in sent[len(notes) :])]
    return [
        UploadedPart(
            content=part.content,
            # Python reads bytes that are not UTF-8 as surrogates, which nothing can store.
            filename=(part.filename or "").encode("utf-8", "replace").decode(),
            media_type="".join(letter for letter in part.media_type if letter.isprintable()),
            id=note.id,
            sha256=note.sha256 or "",
            claims=ItemClaims(
                origin="api",
                description=note.description,
                captured_at=note.captured_at,
                latitude=note.latitude,
                longitude=note.longitude,
            ),
        )
        for note, part in zip(all_notes, sent, strict=True)
    ]


def _to_answers(report: ReportSchema) -> ReportAnswers:
    place, person = report.place, report.person
    return ReportAnswers(
        kind=report.kind,
        narrative=report.narrative,
        role=report.role,
        occurred_from=report.occurred_from,
        occurred_to=report.occurred_to,
        is_time_unsure=report.is_time_unsure,
        address=place.address,
        postcode=place.postcode,
        place_detail=place.detail,
        easting=place.easting,
        northing=place.northing,
        latitude=place.latitude,
        longitude=place.longitude,
        given_name=person.given_name,
        family_name=person.family_name,
        business_name=person.business_name,
        born_on=person.born_on,
        email=person.email,
        phone=person.phone,
        home_address=person.address,
        home_postcode=person.postcode,
        contact_preference=person.contact_preference,
        is_safe_to_contact=person.is_safe_to_contact,
        safe_contact=person.safe_contact,
        safe_contact_detail=person.safe_contact_detail,
        language=person.language,
        vrm=report.vrm,
        is_declared_true=report.is_declared_true,
    )
