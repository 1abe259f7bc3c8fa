"""Take photos at a visit, on a phone: one page with the camera and what the pictures show."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.rules.checks import CheckKind
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.firearms.file_gallery import application_gallery
from bluelamp.web.desk.firearms.paper import to_scan
from bluelamp.web.desk.forms import require_permission
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
@staff_required
def photos(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the page for photos of a visit. On POST add them to the application."""
    actor, at = get_actor(request), now()
    require_permission(actor, "firearms.check")
    application = lookups.get_application(actor=actor, at=at, reference=reference)
    if not any(check.kind == CheckKind.VISIT for check in application.checks):
        raise NotFound("There is no such visit.")
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            commands.add_visit_photos(
                actor=actor,
                at=at,
                reference=reference,
                photos=_read_photos(request),
                note=request.POST.get("photo_note", ""),
            )
            url = reverse("desk-firearms-visit-photos", kwargs={"reference": reference})
            return redirect(f"{url}?done=photos")
        except Refused as refused:
            errors, status = dict(refused.errors), 422
        except Conflict as conflict:
            errors, status = {"": conflict.message}, 409
    context = {
        "application": application,
        "files": application_gallery(actor=actor, at=at, reference=application.reference),
        "values": request.POST if errors else {},
        "errors": errors,
        "done": "Photos added" if request.GET.get("done") else "",
    }
    return render(request, "desk/firearms/visit_photos.html.jinja", context, status=status)


def _read_photos(request: HttpRequest) -> list[commands.VisitPhoto]:
    uploads = [
        file for file in request.FILES.getlist("photos") if isinstance(file, UploadedFile) and file
    ]
    times = request.POST.get("captured_at", "").split()
    latitude = _read_number(request, "latitude", -90, 90)
    longitude = _read_number(request, "longitude", -180, 180)
    # Half a position is none.
    has_position = latitude is not None and longitude is not None
    return [
        commands.VisitPhoto(
            file=to_scan(file),
            captured_at=_read_time(times[index]) if index < len(times) else None,
            latitude=latitude if has_position else None,
            longitude=longitude if has_position else None,
            accuracy_m=_read_number(request, "accuracy_m", 0, 1e6) if has_position else None,
        )
        for index, file in enumerate(uploads)
    ]


def _read_number(request: HttpRequest, name: str, least: float, most: float) -> float | None:
    """Return a number of the phone, None where it is none or out of range."""
    try:
        number = float(request.POST.get(name, ""))
    except ValueError:
        return None
    # A comparison with NaN is never true.
    return number if least <= number <= most else None


def _read_time(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None
