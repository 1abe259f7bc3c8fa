"""The API for other programs: reports from anybody, and case files for a signed-in prosecutor."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Status
from pydantic import TypeAdapter

from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.commands import open_received_package
from bluelamp.casework.casefiles.lookups import (
    CaseFileDetail,
    get_received_case_file,
    list_received_case_files,
)
from bluelamp.casework.reports.questions import current_questions
from bluelamp.foundation.kernel.actor import OrganisationKind
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.actor import get_actor, require_confirmation
from bluelamp.web.api import BaseAPI, SessionAuth
from bluelamp.web.partners import openapi, schemas
from bluelamp.web.partners.downloads import package_response
from bluelamp.web.partners.report_schema import report_format
from bluelamp.web.partners.reporting import receive_report_request
from bluelamp.web.problems import ProblemResponses

VERSION = "1.0.0"


class ProsecutorAuth(SessionAuth):
    """The session of a prosecutor."""

    organisation_kind = OrganisationKind.PROSECUTOR


api = BaseAPI(
    problems=ProblemResponses(
        "the partners' API",
        details={
            413: "This is too large to send here. Send large files by tus, at /uploads/.",
            415: "Send multipart/form-data with the part “report”, or application/json.",
        },
        # A case file that was not sent to this prosecutor looks like one that does not exist.
        hides_forbidden=True,
    ),
    body_schema=("Report", lambda: TypeAdapter(report_format(current_questions(now())).schema)),
    title="Bluelamp",
    version=VERSION,
    description="Send reports and receive case files. Errors are application/problem+json.",
    urls_namespace="api",
)
prosecutor_auth = ProsecutorAuth()


@api.post(
    "/reports",
    response={
        200: schemas.ReportReceiptSchema,
        201: schemas.ReportReceiptSchema,
        **openapi.problems(400, 409, 413, 415, 422, 429),
    },
    operation_id="send_report",
    openapi_extra=openapi.REPORT_REQUEST,
    # Anybody may report a crime.
    auth=None,
)
def send_report(request: HttpRequest) -> Status[schemas.ReportReceiptSchema]:
    """Report a crime, with up to ten files.

    The answer is 201 the first time, and 200 with the same reference when you send it again. It
    comes once the report and the files are safe on disk. It is 409 if we received the id with
    different contents.
    """
    received = receive_report_request(request)
    items = [
        schemas.ReceivedItemSchema(
            id=item.id, filename=item.filename, sha256=item.sha256, size=item.size
        )
        for item in received.items
    ]
    receipt = schemas.ReportReceiptSchema(
        id=received.report_id,
        reference=received.reference,
        received_at=received.received_at,
        items=items,
    )
    return Status(201 if received.is_new else 200, receipt)


@api.get(
    "/case-files",
    response={200: schemas.CaseFileListSchema, **openapi.problems(401, 404, 422)},
    operation_id="case_files",
    auth=prosecutor_auth,
)
def case_files(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> schemas.CaseFileListSchema:
    """Return the case files that were sent to the prosecutor, the latest first.

    `q` searches for a number, a name or an offence.
    """
    result = list_received_case_files(actor=get_actor(request), at=now(), q=q, page=page)
    rows = [
        schemas.CaseFileRowSchema(
            urn=row.urn,
            force=row.force,
            crime_numbers=list(row.numbers),
            offences=list(row.offences),
            suspects=list(row.suspects),
            submitted_at=row.submitted_at,
        )
        for row in result.rows
        if row.submitted_at  # always set for what was sent; this tells the type checker
    ]
    return schemas.CaseFileListSchema(
        case_files=rows, total=result.total, page=result.page, pages=result.pages
    )


@api.get(
    "/case-files/{urn}",
    response={200: schemas.CaseFileSchema, **openapi.problems(401, 404)},
    operation_id="case_file",
    auth=prosecutor_auth,
)
def case_file(request: HttpRequest, urn: str) -> schemas.CaseFileSchema:
    """Return a case file as it was sent."""
    return _to_case_file_schema(get_received_case_file(actor=get_actor(request), at=now(), urn=urn))


@api.get(
    "/case-files/{urn}/package",
    response=openapi.problems(401, 403, 404),
    operation_id="package",
    openapi_extra=openapi.PACKAGE_RESPONSE,
    auth=prosecutor_auth,
)
def package(request: HttpRequest, urn: str) -> HttpResponseBase:
    """Return the package as a zip, which `bluelamp evidence verify` can check.

    Each download is in the continuity of each exhibit. Whoever signed in more than ten minutes ago
    confirms who they are at `/sign-in/confirm/` first (403).
    """
    # A package holds everything: a screen that somebody left open must not give it away.
    require_confirmation(request)
    return package_response(open_received_package(actor=get_actor(request), at=now(), urn=urn))


def _to_case_file_schema(detail: CaseFileDetail) -> schemas.CaseFileSchema:
    version = detail.version
    if version is None or detail.submitted_at is None:
        raise NotFound("There is no such case file.")
    case = version.case
    hearing = None
    if case.hearing:
        hearing = schemas.HearingSchema(
            court_ou_code=case.hearing.court_ou_code,
            on=case.hearing.on,
            starts=case.hearing.starts,
        )
    return schemas.CaseFileSchema(
        urn=detail.urn,
        force=detail.force,
        crime_numbers=list(detail.numbers),
        submitted_at=detail.submitted_at,
        submitted_by=detail.submitted_by_name,
        charges=_to_charge_schemas(case),
        hearing=hearing,
        exhibits=[
            schemas.ExhibitSchema(
                reference=exhibit.reference,
                description=exhibit.description,
                produced_by=exhibit.produced_by,
                filename=exhibit.filename,
                media_type=exhibit.media_type,
                sha256=exhibit.sha256,
                size=exhibit.size,
                continuity_entries=len(exhibit.continuity),
            )
            for exhibit in case.exhibits
        ],
        documents=[
            schemas.DocumentSchema(
                name=document.name,
                title=document.title,
                sha256=document.sha256,
                may_be_served=document.may_be_served,
            )
            for document in version.documents
        ],
        package=schemas.PackageSchema(
            href=f"/api/v1/case-files/{detail.urn}/package",
            version=version.number,
            sha256=version.sha256,
            size=version.size,
            built_at=version.built_at,
            log_key=version.log_key,
        ),
    )


def _to_charge_schemas(case: CaseData) -> list[schemas.ChargeSchema]:
    charges = []
    for charge in case.charges:
        defendant = case.get_person(charge.defendant_id)
        charges.append(
            schemas.ChargeSchema(
                defendant=defendant.full_name() if defendant else "",
                offence_code=charge.offence_code,
                wording=charge.wording,
                charged_on=charge.charged_on,
                asn=charge.asn,
            )
        )
    return charges
