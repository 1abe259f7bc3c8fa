"""Receive a report from another program: read it without copying its files, and run one command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

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
from bluelamp.casework.reports.questions import current_questions
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.lookups import count_acts
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import is_this_machine
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.records.evidence.commands import ItemClaims
from bluelamp.web.partners.multipart import FormPart, open_body, parse_multipart
from bluelamp.web.partners.report_schema import ReportFormat, report_format
from bluelamp.web.partners.schemas import FileNoteSchema, ReportSchema
from bluelamp.web.partners.sent_report import MAX_REPORT_BYTES, SOH_TYPE, SentReport, parse_soh
from bluelamp.web.problems import ApiError

MAX_REPORTS_PER_HOUR = 600  # from one address


def receive_report_request(request: HttpRequest) -> ReceivedReport:
    """Receive a report with its files from a request.

    Raises:
        ApiError: The request is too large, too frequent, or not what its content type says.
        ValidationError: The report does not follow its schema.
        Refused: An answer or a file is refused; the fields are paths in the report.
        Conflict: An id was received with other contents.
    """
    at, address = now(), str(request.META.get("REMOTE_ADDR", ""))
    # A program on this machine may send for many people.
    if not is_this_machine(address):
        hour_ago = at - timedelta(hours=1)
        sent_count = count_acts(act="report.submitted", address=address, since=hour_ago)
        if sent_count >= MAX_REPORTS_PER_HOUR:
            raise ApiError(429)
    content_type, _ = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    question_set = current_questions(at)
    actor = public_actor(address=address, force=settings.BLUELAMP_FORCE)
    with open_body(request) as body:
        if content_type == SOH_TYPE:
            return _receive(actor, at, parse_soh(question_set, memoryview(body)))
        report_json = report_format(question_set)
        if content_type == "application/json":
            report, sent_files = _parse_report(report_json, memoryview(body)), list[FormPart]()
        elif content_type == "multipart/form-data":
            # No name for all the parts: the buffer cannot be closed while one still looks into it.
            report, sent_files = _split_parts(
                report_json, parse_multipart(body, content_type=request.META["CONTENT_TYPE"])
            )
        else:
            raise ApiError(415)
        sent = SentReport(
            id=report.id,
            answers=report_json.to_answers(report),
            files=_to_uploaded_parts(report.files, sent_files),
            device_at=report.sent_at,
            path_of=report_json.path_of,
        )
        try:
            return _receive(actor, at, sent)
        finally:
            # The buffer cannot be closed while a part still looks into it.
            for part in sent_files:
                part.content.release()


def _receive(actor: Actor, at: datetime, sent: SentReport) -> ReceivedReport:
    try:
        return receive_report(
            actor=actor,
            at=at,
            report_id=sent.id,
            answers=sent.answers,
            files=sent.files,
            device_at=sent.device_at,
        )
    except Refused as refused:
        problems = [
            replace(problem, field=sent.path_of(problem.field)) for problem in refused.problems
        ]
        raise Refused(refused.message, errors=problems) from None
    except IntegrityError as error:
        # An id in the report belongs to another item already, or was taken at the same moment.
        if isinstance(error.__cause__, UniqueViolation):
            raise Conflict(
                "We already have an id in this report for something else. Send it with a new id"
            ) from error
        raise


def _parse_report(report_json: ReportFormat, content: memoryview) -> ReportSchema:
    if len(content) > MAX_REPORT_BYTES:
        raise ApiError(413)
    return report_json.schema.model_validate_json(bytes(content))


def _split_parts(
    report_json: ReportFormat, parts: Sequence[FormPart]
) -> tuple[ReportSchema, list[FormPart]]:
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
    return _parse_report(report_json, reports[0].content), files


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
