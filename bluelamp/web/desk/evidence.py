"""Items: facts, continuity and pictures of the preview; and the original, handed out as a download
only.
"""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.casework.crimes.queries import crimes_holding
from bluelamp.casework.reports.queries import reference_of
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence import commands, queries
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import asked
from bluelamp.web.desk.handing_out import as_download, as_picture
from bluelamp.web.render import render

VERBS = {
    "received": "Received",
    "sealed": "Sealed",
    "viewed": "Viewed",
    "copied": "Original copied",
    "previewed": "Preview made",
    "exhibited": "Exhibited",
    "handed_over": "Handed over",
    "disposed": "Disposed of",
}
ORIGINS = {"form": "Sent with a form", "upload": "Uploaded"}


@require_safe
@staff
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One item: what it is, who had it and when, and a large preview."""
    return _item_page(request, item_id)


@require_safe
@staff
def preview(request: HttpRequest, item_id: UUID, kind: str) -> FileResponse:
    """The bytes of a preview, which we made; never those of the original."""
    opened = commands.open_preview(actor=actor_of(request), at=now(), item_id=item_id, kind=kind)
    return as_picture(opened.file, media_type=opened.media_type, size=opened.size)


@require_POST
@staff
def original(request: HttpRequest, item_id: UUID) -> FileResponse | HttpResponse:
    """The original, byte for byte, as a download. A line of continuity says who copied it, and
    why.
    """
    try:
        opened = commands.open_original(
            actor=actor_of(request), at=now(), item_id=item_id, why=request.POST.get("why", "")
        )
    except Refused as refused:
        return _item_page(request, item_id, errors=refused.errors)
    return as_download(
        opened.file, filename=opened.filename, size=opened.size, sha256=opened.item.sha256
    )


def _item_page(
    request: HttpRequest, item_id: UUID, errors: dict[str, str] | None = None
) -> HttpResponse:
    actor = actor_of(request)
    held = queries.view_item(actor=actor, at=now(), item_id=item_id)
    kinds = {each.kind for each in queries.previews_of(item=held)}
    lines = queries.continuity_of(item=held)
    capture = held.facts.get("capture") or {}
    context = {
        "item": held,
        "shown": asked.gallery_item(held),
        "larger": next((kind for kind in ("view", "poster", "thumbnail") if kind in kinds), ""),
        "facts": held.facts,
        "camera": " ".join(str(capture[part]) for part in ("make", "model") if capture.get(part)),
        "size": held.blob.size,
        "origin": ORIGINS.get(held.origin, held.origin),
        "report_reference": _report_reference(held.purpose),
        "crimes": crimes_holding(force=actor.force, item_id=held.id),
        "entries": [
            {
                "at": line.at,
                "title": f"{line.sequence}. {VERBS.get(line.verb, line.verb)}",
                "by": line.by_name,
                "text": ". ".join(
                    part for part in (_from_to(line.from_text, line.to_text), line.why) if part
                ),
                "tone": "done",
            }
            for line in reversed(lines)
        ],
        "may_copy": actor.may("evidence.copy") and not held.is_held_back,
        "values": request.POST,
        "errors": errors or {},
    }
    return render(request, "desk/item.html.jinja", context)


def _report_reference(purpose: str) -> str:
    kind, _, report_id = purpose.partition(":")
    try:
        return reference_of(report_id=UUID(report_id)) if kind == "report" else ""
    except ValueError:
        return ""


def _from_to(from_text: str, to_text: str) -> str:
    parts = [f"From {from_text}" if from_text else "", f"to {to_text}" if to_text else ""]
    said = " ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]
