"""Items of evidence: their page, their previews, and the original as a download only."""

from collections.abc import Mapping
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.casework.crimes.lookups import list_crimes_with_item
from bluelamp.casework.reports.lookups import get_report_reference
from bluelamp.casework.reports.rules import report_subject
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence import commands, lookups
from bluelamp.records.evidence.rules import Subject
from bluelamp.web.actor import get_actor, staff_required, step_up_required
from bluelamp.web.desk.contexts import TimelineEntry
from bluelamp.web.desk.downloads import download_response, inline_response
from bluelamp.web.desk.gallery import gallery_item
from bluelamp.web.labels.clocks import gps_notice
from bluelamp.web.labels.evidence import SHOTS, continuity_verb_label
from bluelamp.web.render import render

ORIGINS = {
    "form": "Sent with an online form",
    "upload": "Uploaded",
    "officer app": "Officer's device",
}
LARGEST_FIRST = ("view", "poster", "thumbnail")
"""Kinds of preview, in the order that the item's page prefers them."""


@require_safe
@staff_required
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show one item: what it is, its continuity and a large preview."""
    return _item_page(request, item_id)


@require_safe
@staff_required
def preview(request: HttpRequest, item_id: UUID, kind: str) -> FileResponse:
    """Send a preview, which we made ourselves; never the original."""
    opened = commands.open_preview(actor=get_actor(request), at=now(), item_id=item_id, kind=kind)
    return inline_response(opened.file, media_type=opened.media_type, size=opened.size)


# Not a link: browsers fetch links ahead, and each copy is a line in the item's continuity.
@require_POST
@staff_required
@step_up_required
def original(request: HttpRequest, item_id: UUID) -> FileResponse | HttpResponse:
    """Send the original, byte for byte, as a download. Its continuity shows who and why."""
    try:
        opened = commands.open_original(
            actor=get_actor(request), at=now(), item_id=item_id, reason=request.POST.get("why", "")
        )
    except Refused as refused:
        return _item_page(request, item_id, errors=refused.errors)
    return download_response(
        opened.file, filename=opened.filename, size=opened.size, sha256=opened.sha256
    )


def _item_page(
    request: HttpRequest, item_id: UUID, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    actor = get_actor(request)
    item = lookups.get_item(actor=actor, at=now(), item_id=item_id)
    largest = item.preview(*LARGEST_FIRST)
    capture: Mapping[str, object] = item.media_info.get("capture") or {}
    context = {
        "item": item,
        "gallery_item": gallery_item(item),
        "preview_kind": largest.kind if largest else "",
        "media_info": item.media_info,
        "camera": " ".join(str(capture[part]) for part in ("make", "model") if capture.get(part)),
        "shot": SHOTS.get(item.shot, ""),
        "gps_notice": gps_notice(item.gps_at, item.gps_device_at),
        "size": item.size,
        "origin": ORIGINS.get(item.origin, item.origin),
        "report_reference": _report_reference(actor, item.subject),
        "crimes": list_crimes_with_item(actor=actor, at=now(), item_id=item.id),
        # The newest first: who has it now is what people look for.
        "entries": [_continuity_entry(line) for line in reversed(item.continuity)],
        "may_copy": actor.may("evidence.copy") and not item.is_quarantined,
        "values": request.POST,
        "errors": errors or {},
    }
    return render(request, "desk/item.html.jinja", context)


def _continuity_entry(line: lookups.ContinuityLine) -> TimelineEntry:
    handover = " ".join(
        filter(
            None,
            (
                f"From {line.from_text}" if line.from_text else "",
                f"to {line.to_text}" if line.to_text else "",
            ),
        )
    )
    # Not capitalize(), which would make names lower case.
    handover = handover[:1].upper() + handover[1:]
    return {
        "at": line.at,
        "title": f"{line.sequence}. {continuity_verb_label(line.verb)}",
        "by": line.by_name,
        "text": ". ".join(filter(None, (handover, line.reason))),
    }


def _report_reference(actor: Actor, subject: Subject) -> str:
    """Return the reference of the report that an item came with, or ""."""
    # Evidence knows nothing of reports, so ask reports how they would name this subject.
    if subject != report_subject(subject.id):
        return ""
    return get_report_reference(actor=actor, report_id=subject.id)
