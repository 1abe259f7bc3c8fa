"""A report as a program sends it: read without copying its files, and taken in by one command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.http import parse_header_parameters
from psycopg.errors import UniqueViolation

from bluelamp.casework.reports.receiving import MOST_FILES, ReceivedReport, SentFile, receive_report
from bluelamp.casework.reports.rules import ReportAnswers
from bluelamp.foundation.audit.queries import count_of_acts
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.sender import is_this_machine
from bluelamp.records.evidence.commands import About
from bluelamp.web.partners.multipart import Part, buffer_of, parts_of
from bluelamp.web.partners.schemas import FileNote, Report
from bluelamp.web.problems import Problem

LARGEST_REPORT = 256 * 1024
REPORTS_AN_HOUR = 600
# Where the report's own field has another name or place than the answer it becomes.
_PATHS = {
    "address": "place.address",
    "postcode": "place.postcode",
    "place_detail": "place.detail",
    "home_address": "person.address",
    "home_postcode": "person.postcode",
    **{
        name: f"person.{name}"
        for name in (
            "given_name", "family_name", "business_name", "born_on", "email", "phone", "contact_preference",
            "is_safe_to_contact", "language",
        )
    },
}  # fmt: skip


def receive(request: HttpRequest) -> ReceivedReport:
    """Take a report in from the request's bytes. Raises Problem, Refused, Conflict,
    ValidationError.
    """
    at, address = now(), str(request.META.get("REMOTE_ADDR", ""))
    if not is_this_machine(address):
        sent = count_of_acts(act="report.submitted", address=address, since=at - timedelta(hours=1))
        if sent >= REPORTS_AN_HOUR:
            raise Problem(429)
    kind, _ = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    with buffer_of(request) as body:
        if kind == "application/json":
            report, sent_files = _read(memoryview(body)), list[Part]()
        elif kind == "multipart/form-data":
            report, sent_files = _split(parts_of(body, content_type=request.META["CONTENT_TYPE"]))
        else:
            raise Problem(415)
        files = _files(report.files, sent_files)
        try:
            return receive_report(
                actor=Actor.public(address=address, force=settings.BLUELAMP_FORCE), at=at, report_id=report.id,
                answers=_answers(report), files=files, device_at=report.sent_at,
            )  # fmt: skip
        except Refused as refused:
            errors = {_PATHS.get(field, field): said for field, said in refused.errors.items()}
            raise Refused(refused.message, errors=errors) from None
        except IntegrityError as error:
            if isinstance(
                error.__cause__, UniqueViolation
            ):  # an id that it brings is another item's
                raise Conflict(
                    "An id in this is another's already. Send it under a new id."
                ) from error
            raise
        finally:
            for part in sent_files:
                part.content.release()


def _read(content: memoryview) -> Report:
    if len(content) > LARGEST_REPORT:
        raise Problem(413)
    return Report.model_validate_json(bytes(content))


def _split(parts: Sequence[Part]) -> tuple[Report, list[Part]]:
    reports = [part for part in parts if part.name == "report"]
    files = [part for part in parts if part.name == "files"]
    if len(reports) != 1:
        raise Problem(422, errors={"report": "Send one part called “report”, the report as JSON."})
    if others := {part.name for part in parts} - {"report", "files"}:
        raise Problem(
            422, errors={name[:60]: "This is not known here." for name in sorted(others)[:10]}
        )
    if len(files) > MOST_FILES:
        raise Problem(422, errors={"files": f"Send {MOST_FILES} files at most with a report."})
    return _read(reports[0].content), files


def _files(notes: Sequence[FileNote], sent: Sequence[Part]) -> list[SentFile]:
    if len(notes) > len(sent):
        raise Problem(
            422,
            errors={"files": f"There are {len(notes)} notes about files and {len(sent)} files."},
        )
    padded = [*notes, *(FileNote() for _ in sent[len(notes) :])]
    return [
        SentFile(
            content=part.content,
            filename=(part.filename or "").encode("utf-8", "replace").decode(),
            media_type="".join(letter for letter in part.media_type if letter.isprintable()),
            id=note.id,
            sha256=note.sha256 or "",
            about=About(
                origin="api",
                description=note.description,
                captured_at=note.captured_at,
                latitude=note.latitude,
                longitude=note.longitude,
            ),
        )
        for note, part in zip(padded, sent, strict=True)
    ]


def _answers(report: Report) -> ReportAnswers:
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
        language=person.language,
        vrm=report.vrm,
        is_declared_true=report.is_declared_true,
    )
