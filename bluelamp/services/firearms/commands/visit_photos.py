"""Add the photos that an enquiry officer takes at a visit: items with their time and place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.evidence.commands import ItemClaims
from bluelamp.services.firearms.commands.adding_files import MAX_NOTE_LENGTH
from bluelamp.services.firearms.commands.receiving_files import Scan, receive_file
from bluelamp.services.firearms.commands.stages import lock_application
from bluelamp.services.firearms.rules.checks import CheckKind
from bluelamp.services.firearms.rules.stages import Stage

ORIGIN = "visit"
# The clock of a phone may be a little ahead of ours. One that was never set begins in 1970.
_MOST_AHEAD = timedelta(minutes=5)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitPhoto:
    """A photo, and what the phone says of when and where it was taken; None where it says nothing.

    Positions are degrees in WGS 84 with an accuracy in metres.
    """

    file: Scan
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None


@command(
    permission="firearms.check", act="firearms.visit_photos_added", category=Category.COLLECTION
)
def add_visit_photos(
    *, actor: Actor, at: datetime, reference: str, photos: Sequence[VisitPhoto], note: str
) -> None:
    """Add photos of the visit to an application. Each is an item with its continuity.

    They show where guns are kept, so they are with the application's files, which few may open.

    Raises:
        NotFound: There is no such application of the actor's force, or it needs no visit.
        Conflict: It is not being checked.
        Refused: There is no photo or no note, or a photo cannot be taken.
    """
    note = clean_text(
        note, max_length=MAX_NOTE_LENGTH, field="photo_note", label="firearms.file_note_label"
    )
    problems = []
    if not photos:
        problems.append(Problem("firearms.photo_missing", "photos"))
    if not note:
        problems.append(Problem("firearms.photo_note_missing", "photo_note"))
    if problems:
        raise Refused(errors=problems)
    application = lock_application(actor, reference)
    if not application.checks.filter(kind=CheckKind.VISIT).exists():
        raise NotFound("There is no such visit.")
    if application.stage != Stage.CHECKS:
        raise Conflict("firearms.not_at_checks")
    for photo in photos:
        taken_at = photo.captured_at
        is_plausible = taken_at is not None and _EARLIEST <= taken_at <= at + _MOST_AHEAD
        claims = ItemClaims(
            origin=ORIGIN,
            description=note,
            # A phone whose clock is wrong says nothing; when it came in is our own time.
            captured_at=taken_at if is_plausible else None,
            latitude=photo.latitude,
            longitude=photo.longitude,
            accuracy_m=photo.accuracy_m,
        )
        receive_file(photo.file, application.id, actor=actor, at=at, claims=claims)
    record_act(application, ref=application.reference, detail={"photos": len(photos)})
