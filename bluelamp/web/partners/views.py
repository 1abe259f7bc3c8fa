"""The prosecutor's pages: what was received, one case file, its package, its documents and its
pictures.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bluelamp.casework.casefiles.commands import (
    open_received_document,
    open_received_package,
    open_received_preview,
)
from bluelamp.casework.casefiles.facts import CaseFacts, ExhibitFacts
from bluelamp.casework.casefiles.queries import CaseFileView, received_case_files, view_received
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.reference import queries as reference
from bluelamp.web.actor import actor_of, partner
from bluelamp.web.partners import words
from bluelamp.web.partners.files import as_attachment, to_look_at
from bluelamp.web.render import render

PAGE = 25
ORDERS = {
    "latest": "Latest first",
    "oldest": "Oldest first",
    "hearing": "First hearing first",
    "reference": "By reference",
}
PICTURES = ("view", "poster", "thumbnail")


@require_safe
@partner
def received(request: HttpRequest) -> HttpResponse:
    """The case files that were sent, the latest first."""
    q, asked = request.GET.get("q", "")[:200], request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    sort = request.GET.get("sort", "")
    sort = sort if sort in ORDERS else "latest"
    is_unopened = request.GET.get("show") == "unopened"
    found = received_case_files(
        actor=actor_of(request), at=now(), q=q, page=page, sort=sort, is_unopened=is_unopened
    )

    def address(**changes: str) -> str:
        asked = {
            "q": q,
            "show": "unopened" if is_unopened else "",
            "sort": sort if sort != "latest" else "",
        }
        query = urlencode({name: value for name, value in (asked | changes).items() if value})
        return f"/partner/?{query}" if query else "/partner/"

    rows = [
        {
            "href": f"/partner/case-files/{row.urn}/",
            "urn": row.urn,
            "suspects": ", ".join(row.suspects),
            "offences": "; ".join(row.offences),
            "crimes": ", ".join(row.numbers),
            "force": _force(row.force),
            "submitted_at": row.submitted_at,
            "size": row.size,
            "hearing_on": row.hearing_on,
            "is_opened": row.is_opened,
        }
        for row in found.rows
    ]
    pager = Paginator(range(found.total), PAGE).page(found.page)
    context = {
        "found": found,
        "rows": rows,
        "q": q,
        "pager": pager,
        "is_unopened": is_unopened,
        "kept": address().partition("?")[2] and "&" + address().partition("?")[2],
        "shown": [
            {
                "text": "All",
                "href": address(show=""),
                "current": not is_unopened,
                "count": found.all,
            },
            {
                "text": "Not opened yet",
                "href": address(show="unopened"),
                "current": is_unopened,
                "count": found.unopened,
            },
        ],
        "orders": [
            {
                "text": text,
                "href": address(sort=name if name != "latest" else ""),
                "current": name == sort,
            }
            for name, text in ORDERS.items()
        ],
        "order": ORDERS[sort].lower(),
    }
    return render(request, "partner/received.html.jinja", context)


@require_safe
@partner
def case_file(request: HttpRequest, urn: str) -> HttpResponse:
    """One case file as it was sent."""
    actor = actor_of(request)
    view = view_received(actor=actor, at=now(), urn=urn, why=actor.why)
    return render(request, "partner/case_file.html.jinja", _shown(view))


@require_safe
@partner
def package(request: HttpRequest, urn: str) -> HttpResponseBase:
    """The package, byte for byte. Each download is in the continuity of each exhibit."""
    return as_attachment(open_received_package(actor=actor_of(request), at=now(), urn=urn))


@require_safe
@partner
def document(request: HttpRequest, urn: str, name: str) -> HttpResponseBase:
    """One form of the package."""
    return to_look_at(open_received_document(actor=actor_of(request), at=now(), urn=urn, name=name))


@require_safe
@partner
def picture(request: HttpRequest, urn: str, item_id: UUID, kind: str) -> HttpResponseBase:
    """A preview of an exhibit. Looking is in its continuity, once an hour."""
    opened = open_received_preview(
        actor=actor_of(request), at=now(), urn=urn, item_id=item_id, kind=kind
    )
    return to_look_at(opened)


def _shown(view: CaseFileView) -> dict[str, Any]:
    version = view.version
    assert version is not None, "what was sent has a version"
    facts = version.facts
    documents = [
        {
            "name": each.name,
            "title": each.title,
            "href": f"/partner/case-files/{view.urn}/documents/{each.name}",
            "may_be_served": each.may_be_served,
            "sha256": each.sha256,
        }
        for each in version.documents
    ]
    return {
        "file": view,
        "version": version,
        "facts": facts,
        "force": facts.force_name,
        "charges": _charges(facts),
        "hearing": _hearing(facts),
        "victims": [person.name() for person in facts.with_role("victim")],
        "exhibits": [_exhibit(view.urn, each) for each in facts.exhibits],
        "statements": [each for each in documents if str(each["name"]).startswith("MG11")],
        "forms": [each for each in documents if not str(each["name"]).startswith("MG11")],
        "looks": [words.look_of(each) for each in view.looks],
        "log_key": version.log_key,
        "fingerprint": version.log_key.split("+")[1],
        "summary": facts.summary.key_evidence
        or "\n\n".join(crime.summary for crime in facts.crimes if crime.summary),
    }


def _charges(facts: CaseFacts) -> list[dict[str, Any]]:
    return [
        {
            "who": defendant.name() if (defendant := facts.person(charge.defendant_id)) else "",
            "born_on": defendant.born_on if defendant else None,
            "code": charge.offence_code,
            "wording": charge.wording,
            "charged_on": charge.charged_on,
            "asn": charge.asn,
        }
        for charge in facts.charges
    ]


def _hearing(facts: CaseFacts) -> dict[str, Any] | None:
    if facts.hearing is None:
        return None
    names = {court.code: court.name for court in reference.courts()}
    code = facts.hearing.court_ou_code
    return {
        "court": names.get(code, code),
        "on": facts.hearing.on,
        "starts": words.of_clock(facts.hearing.starts),
    }


def _exhibit(urn: str, exhibit: ExhibitFacts) -> dict[str, Any]:
    kinds = {preview.name.rpartition(".")[0] for preview in exhibit.previews}
    shown = next((kind for kind in PICTURES if kind in kinds), "")
    base = f"/partner/case-files/{urn}/exhibits/{exhibit.item_id}"
    return {
        "anchor": "exhibit-" + exhibit.reference.replace("/", "-"),
        "reference": exhibit.reference,
        "description": exhibit.description,
        "produced_by": exhibit.produced_by,
        "filename": exhibit.filename,
        "media_type": exhibit.media_type,
        "kind": words.kind_of(exhibit.media_type),
        "size": exhibit.size,
        "sha256": exhibit.sha256,
        "captured_at": exhibit.captured_at,
        "received_at": exhibit.received_at,
        "thumbnail": f"{base}/thumbnail" if "thumbnail" in kinds else "",
        "picture": f"{base}/{shown}" if shown else "",
        "lines": [words.line_of(line.entry()) for line in exhibit.continuity],
    }


def _force(code: str) -> str:
    known = reference.force(code)
    return known.name if known else code
