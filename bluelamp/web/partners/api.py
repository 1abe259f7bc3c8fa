"""The API for other systems: reports in, from anybody; case files out, to the prosecutor who is
signed in.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Query, Status
from pydantic import TypeAdapter

from bluelamp.casework.casefiles.commands import open_received_package
from bluelamp.casework.casefiles.queries import CaseFileView, received_case_files, view_received
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.actor import actor_of
from bluelamp.web.api import DoorAPI, Session
from bluelamp.web.partners import openapi, schemas
from bluelamp.web.partners.files import as_attachment
from bluelamp.web.partners.reporting import receive
from bluelamp.web.problems import Problems

VERSION = "1.0.0"


class Prosecutor(Session):
    """The session of a prosecutor."""

    organisation = "cps"


api = DoorAPI(
    problems=Problems(
        "the partners' API",
        says={
            413: "This is larger than can be sent here. Send large files by tus, at /uploads/.",
            415: "Send multipart/form-data with the part “report”, or application/json.",
        },
        hides=True,
    ),
    reads=("Report", TypeAdapter(schemas.Report)),
    title="Bluelamp",
    version=VERSION,
    description="Reports in, case files out. Errors are application/problem+json.",
    urls_namespace="api",
)
prosecutor = Prosecutor()


@api.post(
    "/reports",
    response={
        200: schemas.Received,
        201: schemas.Received,
        **openapi.problems(400, 409, 413, 415, 422, 429),
    },
    operation_id="send_report",
    openapi_extra=openapi.REPORT_REQUEST,
    auth=None,
)
def send_report(request: HttpRequest) -> Status[schemas.Received]:
    """Report a crime, with up to ten files. 201 the first time; 200 with the same reference when
    sent again.

    Answered only when report and files are durable. 409 where the id was received with other
    contents.
    """
    got = receive(request)
    items = [
        schemas.HeldItem(id=item.id, filename=item.filename, sha256=item.sha256, size=item.size)
        for item in got.items
    ]
    body = schemas.Received(
        id=got.report_id, reference=got.reference, received_at=got.received_at, items=items
    )
    return Status(201 if got.is_new else 200, body)


@api.get(
    "/case-files",
    response={200: schemas.CaseFileLines, **openapi.problems(401, 404, 422)},
    operation_id="case_files",
    auth=prosecutor,
)
def case_files(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> schemas.CaseFileLines:
    """The case files that were sent to the prosecutor, the latest first; `q` is a number, a name or
    an offence.
    """
    found = received_case_files(actor=actor_of(request), at=now(), q=q, page=page)
    lines = [
        schemas.CaseFileLine(
            urn=row.urn,
            force=row.force,
            crime_numbers=list(row.numbers),
            offences=list(row.offences),
            suspects=list(row.suspects),
            submitted_at=row.submitted_at,
        )
        for row in found.rows
        if row.submitted_at
    ]
    return schemas.CaseFileLines(
        case_files=lines, total=found.total, page=found.page, pages=found.pages
    )


@api.get(
    "/case-files/{urn}",
    response={200: schemas.CaseFileBody, **openapi.problems(401, 404)},
    operation_id="case_file",
    auth=prosecutor,
)
def case_file(request: HttpRequest, urn: str) -> schemas.CaseFileBody:
    """A case file as it was sent."""
    return _body(view_received(actor=actor_of(request), at=now(), urn=urn))


@api.get(
    "/case-files/{urn}/package",
    response=openapi.problems(401, 404),
    operation_id="package",
    openapi_extra=openapi.PACKAGE_ANSWER,
    auth=prosecutor,
)
def package(request: HttpRequest, urn: str) -> HttpResponseBase:
    """The package as a zip, for `bluelamp evidence verify`. Each download is in the continuity of
    each exhibit.
    """
    opened = open_received_package(actor=actor_of(request), at=now(), urn=urn)
    return as_attachment(opened)


def _body(view: CaseFileView) -> schemas.CaseFileBody:
    version = view.version
    if version is None or view.submitted_at is None:
        raise NotFound("There is no such case file.")
    facts = version.facts
    charges = []
    for charge in facts.charges:
        defendant = facts.person(charge.defendant_id)
        charges.append(
            schemas.ChargeBody(
                defendant=defendant.name() if defendant else "",
                offence_code=charge.offence_code,
                wording=charge.wording,
                charged_on=charge.charged_on,
                asn=charge.asn,
            )
        )
    hearing = facts.hearing
    return schemas.CaseFileBody(
        urn=view.urn,
        force=view.force,
        crime_numbers=list(view.numbers),
        submitted_at=view.submitted_at,
        submitted_by=view.submitted_by_name,
        charges=charges,
        hearing=schemas.HearingBody(
            court_ou_code=hearing.court_ou_code, on=hearing.on, starts=hearing.starts
        )
        if hearing
        else None,
        exhibits=[
            schemas.ExhibitBody(
                reference=each.reference,
                description=each.description,
                produced_by=each.produced_by,
                filename=each.filename,
                media_type=each.media_type,
                sha256=each.sha256,
                size=each.size,
                continuity_entries=len(each.continuity),
            )
            for each in facts.exhibits
        ],
        documents=[
            schemas.DocumentBody(
                name=each.name,
                title=each.title,
                sha256=each.sha256,
                may_be_served=each.may_be_served,
            )
            for each in version.documents
        ],
        package=schemas.PackageBody(
            href=f"/api/v1/case-files/{view.urn}/package",
            version=version.number,
            sha256=version.sha256,
            size=version.size,
            built_at=version.built_at,
            log_key=version.log_key,
        ),
    )
