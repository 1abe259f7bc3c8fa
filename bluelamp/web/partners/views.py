"""The prosecutor's pages: the case files received, and one of them with everything in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.casework.casefiles.case_data import CaseData, ExhibitData
from bluelamp.casework.casefiles.commands import (
    open_received_document,
    open_received_package,
    open_received_preview,
)
from bluelamp.casework.casefiles.lookups import (
    CaseFileDetail,
    CaseFileRow,
    get_received_case_file,
    list_received_case_files,
)
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.merkle_log.checkpoint import VerifierKey
from bluelamp.records.evidence.verify.pins import fingerprint
from bluelamp.records.reference import lookups as reference
from bluelamp.web.actor import get_actor, partner_required, step_up_required
from bluelamp.web.formats import format_clock_time
from bluelamp.web.labels.evidence import file_kind
from bluelamp.web.labels.search import empty_search_message
from bluelamp.web.partners import labels
from bluelamp.web.partners.downloads import inline_response, package_response
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

NO_MATCH = "No case files match your search. Check the spelling or use fewer words."
PAGE_SIZE = 25
MAX_QUERY_LENGTH = 200
# More pages than any list has; Python refuses to read a number of thousands of digits.
MAX_PAGE_DIGITS = 6
SORT_ORDERS = {
    "latest": "Latest first",
    "oldest": "Oldest first",
    "hearing": "First hearing first",
    "reference": "By reference",
}
# The largest first; a video has a poster in place of a view.
PREVIEW_KINDS = ("view", "poster", "thumbnail")


@require_safe
@partner_required
def case_files(request: HttpRequest) -> HttpResponse:
    """Show the case files that were sent to the prosecutor, the latest first."""
    q = request.GET.get("q", "")[:MAX_QUERY_LENGTH]
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORT_ORDERS else "latest"
    is_unopened = request.GET.get("show") == "unopened"
    result = list_received_case_files(
        actor=get_actor(request),
        at=now(),
        q=q,
        page=_page_number(request.GET.get("page", "")),
        sort=sort,
        is_unopened=is_unopened,
    )

    def query_string(**changes: str) -> str:
        parameters = {
            "q": q,
            "show": "unopened" if is_unopened else "",
            # The usual order is left out, so that one list has one address.
            "sort": sort if sort != "latest" else "",
        }
        return encode_search(parameters | changes)

    context = {
        "result": result,
        "rows": [_case_file_row(row) for row in result.rows],
        "no_match": empty_search_message(q, NO_MATCH),
        "q": q,
        "pager": Paginator(range(result.total), PAGE_SIZE).page(result.page),
        "is_unopened": is_unopened,
        "pager_query": f"&{query_string()}" if query_string() else "",
        "shown_filters": [
            {
                "text": "All",
                "href": _list_url(query_string(show="")),
                "current": not is_unopened,
                "count": result.all,
            },
            {
                "text": "Not opened yet",
                "href": _list_url(query_string(show="unopened")),
                "current": is_unopened,
                "count": result.unopened,
            },
        ],
        "sort_filters": _sort_links(sort, query_string),
        "sort_text": SORT_ORDERS[sort].lower(),
    }
    return render(request, "partner/case_files.html.jinja", context)


@require_safe
@partner_required
def case_file(request: HttpRequest, urn: str) -> HttpResponse:
    """Show one case file as it was sent."""
    detail = get_received_case_file(actor=get_actor(request), at=now(), urn=urn)
    return render(request, "partner/case_file.html.jinja", _case_file_context(detail))


@require_safe
@partner_required
@step_up_required
def package(request: HttpRequest, urn: str) -> HttpResponseBase:
    """Send the package, byte for byte. Each download is in the continuity of each exhibit."""
    return package_response(open_received_package(actor=get_actor(request), at=now(), urn=urn))


@require_safe
@partner_required
@step_up_required
def document(request: HttpRequest, urn: str, name: str) -> HttpResponseBase:
    """Send one form of the package."""
    return inline_response(
        open_received_document(actor=get_actor(request), at=now(), urn=urn, name=name)
    )


@require_safe
@partner_required
def exhibit_preview(request: HttpRequest, urn: str, item_id: UUID, kind: str) -> HttpResponseBase:
    """Send a preview of an exhibit. Its continuity gets a line for that, once an hour."""
    return inline_response(
        open_received_preview(
            actor=get_actor(request), at=now(), urn=urn, item_id=item_id, kind=kind
        )
    )


def _page_number(text: str) -> int:
    """Return the page in the address, or 1: anything may be in an address."""
    # isascii(), because isdigit() is also true for "²", which int() refuses.
    if text.isascii() and text.isdigit() and len(text) <= MAX_PAGE_DIGITS:
        return int(text)
    return 1


def _list_url(query: str) -> str:
    return reverse("partner") + (f"?{query}" if query else "")


def _sort_links(sort: str, query_string: Callable[..., str]) -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "href": _list_url(query_string(sort=name if name != "latest" else "")),
            "current": name == sort,
        }
        for name, text in SORT_ORDERS.items()
    ]


def _case_file_row(row: CaseFileRow) -> dict[str, Any]:
    return {
        "href": reverse("partner-case-file", kwargs={"urn": row.urn}),
        "urn": row.urn,
        "suspects": ", ".join(row.suspects),
        "offences": "; ".join(row.offences),
        "force": _force_name(row.force),
        "submitted_at": row.submitted_at,
        "size": row.size,
        "hearing_on": row.hearing_on,
        "is_opened": row.is_opened,
    }


def _case_file_context(detail: CaseFileDetail) -> dict[str, Any]:
    version = detail.version
    assert version is not None, "a case file that was sent has a version"
    case = version.case
    documents = [
        {
            "name": document.name,
            "title": document.title,
            "href": reverse("partner-document", kwargs={"urn": detail.urn, "name": document.name}),
            "may_be_served": document.may_be_served,
        }
        for document in version.documents
    ]
    return {
        "file": detail,
        "version": version,
        "case": case,
        "package_href": reverse("partner-package", kwargs={"urn": detail.urn}),
        "charges": _charge_rows(case),
        "hearing": _hearing_context(case),
        "victims": [person.full_name() for person in case.people_with_role("victim")],
        "exhibits": [_exhibit_context(detail.urn, exhibit) for exhibit in case.exhibits],
        # MG11 is the witness statement form; every other document is a form of the police.
        "statements": [row for row in documents if str(row["name"]).startswith("MG11")],
        "forms": [row for row in documents if not str(row["name"]).startswith("MG11")],
        "accesses": [labels.access_row(access) for access in detail.accesses],
        "log_key": version.log_key,
        "fingerprint": fingerprint(VerifierKey.parse(version.log_key)),
        "summary": case.summary.key_evidence
        or "\n\n".join(crime.summary for crime in case.crimes if crime.summary),
    }


def _charge_rows(case: CaseData) -> list[dict[str, Any]]:
    rows = []
    for charge in case.charges:
        defendant = case.get_person(charge.defendant_id)
        rows.append(
            {
                "defendant": defendant.full_name() if defendant else "",
                "born_on": defendant.born_on if defendant else None,
                "code": charge.offence_code,
                "wording": charge.wording,
                "charged_on": charge.charged_on,
                "asn": charge.asn,
            }
        )
    return rows


def _hearing_context(case: CaseData) -> dict[str, Any] | None:
    if case.hearing is None:
        return None
    names = {court.code: court.name for court in reference.list_courts()}
    code = case.hearing.court_ou_code
    return {
        "court": names.get(code, code),
        "on": case.hearing.on,
        "starts": format_clock_time(case.hearing.starts),
    }


def _exhibit_context(urn: str, exhibit: ExhibitData) -> dict[str, Any]:
    # A preview is called `<kind>.<extension>` in the package.
    kinds = {preview.name.rpartition(".")[0] for preview in exhibit.previews}
    largest = next((kind for kind in PREVIEW_KINDS if kind in kinds), "")

    def preview_url(kind: str) -> str:
        return reverse(
            "partner-exhibit-preview",
            kwargs={"urn": urn, "item_id": exhibit.item_id, "kind": kind},
        )

    return {
        "anchor": "exhibit-" + exhibit.reference.replace("/", "-"),
        "reference": exhibit.reference,
        "description": exhibit.description,
        "produced_by": exhibit.produced_by,
        "filename": exhibit.filename,
        "media_type": exhibit.media_type,
        "kind": file_kind(exhibit.media_type),
        "size": exhibit.size,
        "sha256": exhibit.sha256,
        "taken": labels.taken_label(exhibit, at=now()),
        "received_at": exhibit.received_at,
        "thumbnail": preview_url("thumbnail") if "thumbnail" in kinds else "",
        "picture": preview_url(largest) if largest else "",
        "continuity": [labels.continuity_row(line.to_dict()) for line in exhibit.continuity],
    }


def _force_name(code: str) -> str:
    force = reference.get_force(code)
    return force.name if force else code
