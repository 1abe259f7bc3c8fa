"""Files of an application: their pictures and their originals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.services.firearms import commands, lookups
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.downloads import download_response, inline_response
from bluelamp.web.desk.firearms.acts import run_act
from bluelamp.web.desk.firearms.application import application_page


@require_safe
@staff_required
def application_file(
    request: HttpRequest, reference: str, item_id: UUID
) -> HttpResponse | FileResponse:
    """Send the original of a file as a download."""
    try:
        opened = commands.open_application_file(
            actor=get_actor(request), at=now(), reference=reference, item_id=item_id
        )
    except Refused as refused:
        return application_page(request, reference, errors=dict(refused.errors), status=422)
    return download_response(
        opened.file, filename=opened.filename, size=opened.size, sha256=opened.sha256
    )


@require_POST
@staff_required
def add_files(request: HttpRequest, reference: str) -> HttpResponse:
    """Add files to an application: photos of the visit, or a letter that came later."""
    uploads = request.FILES.getlist("files")
    return run_act(
        partial(_add_files, request, reference, uploads),
        url=reverse("desk-firearms-application", kwargs={"reference": reference}),
        form="add-files",
        show_page=partial(application_page, request, reference),
    )


def _add_files(request: HttpRequest, reference: str, uploads: Sequence[UploadedFile[bytes]]) -> str:
    commands.add_application_files(
        actor=get_actor(request),
        at=now(),
        reference=reference,
        files=[
            commands.Scan(file.name or "", file, file.content_type or "")
            for file in uploads
            if file
        ],
        note=request.POST.get("file_note", ""),
    )
    return "files-added"


@require_safe
@staff_required
def application_picture(request: HttpRequest, reference: str, item_id: UUID) -> FileResponse:
    """Send the small picture of a file, for the gallery of the application's page."""
    source, media_type, size = lookups.open_application_picture(
        actor=get_actor(request), at=now(), reference=reference, item_id=item_id
    )
    return inline_response(source, media_type=media_type, size=size)
