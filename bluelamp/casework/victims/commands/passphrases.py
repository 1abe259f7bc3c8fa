"""Passphrases: how somebody follows a case to whom no message may be sent."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from bluelamp.casework.reports.models import Report
from bluelamp.casework.victims.commands.tracking import end_other_sessions, reference_of
from bluelamp.casework.victims.models import TrackingCode, TrackingPassphrase
from bluelamp.casework.victims.reads import reference_condition
from bluelamp.casework.victims.rules import (
    MAX_PASSPHRASE_LENGTH,
    MIN_PASSPHRASE_LENGTH,
    is_passphrase_blocked,
    normalise_passphrase,
)
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.foundation.notifications.code_rows import NO_ROW
from bluelamp.foundation.notifications.rules import SESSION_DURATION

# The longer of the two limits counts a day: nothing older is needed.
_TRY_COUNTS_FOR = timedelta(days=1)


@command(permission="victim.track", act="tracking.passphrase_chosen")
def choose_first_passphrase(
    *, actor: Actor, at: datetime, report_id: UUID, passphrase: str
) -> None:
    """Choose a passphrase for a report that was just sent.

    The caller proves that the browser sent the report. Only the first choice counts: whoever finds
    the page open later must not be able to replace it.

    Raises:
        NotFound: There is no such report.
        Refused: The passphrase is too short, or one that many people choose.
        Conflict: One was chosen before.
    """
    passphrase = _require_good_passphrase(passphrase)
    report = Report.objects.filter(id=report_id, force=actor.force).first()
    if report is None:
        raise NotFound("There is no such report.")
    row, is_new = TrackingPassphrase.objects.get_or_create(
        report=report,
        crime=None,
        person_id=report.person_reporting_id,
        defaults={"passphrase_hash": make_password(passphrase), "chosen_at": at},
    )
    if not is_new:
        raise Conflict("victims.passphrase_chosen_before")
    record_act(row, ref=report.reference)


@command(permission="victim.track", act="tracking.passphrase_chosen")
def choose_passphrase(
    *, actor: Actor, at: datetime, tracking_session_id: UUID, passphrase: str
) -> None:
    """Choose a passphrase, or another one, in an open tracking session.

    Raises:
        NotFound: There is no such session, or it has ended.
        Refused: The passphrase is too short, or one that many people choose.
    """
    passphrase = _require_good_passphrase(passphrase)
    session = lock_open_session(tracking_session_id, at)
    case_and_person: dict[str, Any] = {
        "report": session.report,
        "crime": session.crime,
        "person_id": get_session_person(session),
    }
    row, _is_new = TrackingPassphrase.objects.update_or_create(
        **case_and_person,
        defaults={
            "passphrase_hash": make_password(passphrase),
            "chosen_at": at,
            "wrong_tries_at": [],
        },
    )
    record_act(row, ref=reference_of(session))


@command(permission="victim.track", act="tracking.passphrase_checked")
def exchange_passphrase_for_session(
    *, actor: Actor, at: datetime, reference: str, passphrase: str
) -> UUID | None:
    """Check a passphrase, and return the id of the tracking session that it opens.

    After 5 wrong tries in an hour, or 20 in a day, none is right. A wrong passphrase makes the same
    statements, and is hashed once, whether the reference exists or not.

    Returns:
        The session's id, or None where the passphrase is not right for the reference.
    """
    rows = list(
        TrackingPassphrase.objects.select_for_update(of=("self",))
        .filter(reference_condition(reference))
        .order_by("id")
    )
    # Hashing is slow on purpose, and slower for longer text: nobody may send a megabyte.
    typed = normalise_passphrase(passphrase)[:MAX_PASSPHRASE_LENGTH]
    hashes = [row.passphrase_hash for row in rows] or [_unusable_hash()]
    # All of them, not up to the first that fits: how long it takes must not say which it was.
    is_right = [check_password(typed, encoded) for encoded in hashes]
    right = next(
        (
            row
            for row, matches in zip(rows, is_right, strict=False)
            if matches and not is_passphrase_blocked(row.wrong_tries_at, at=at)
        ),
        None,
    )
    if right:
        _write_wrong_tries(right.id, [])
    else:
        # The same statement where there is no such reference: see the docstring.
        for row_id, earlier in [(row.id, row.wrong_tries_at) for row in rows] or [(NO_ROW, [])]:
            _write_wrong_tries(row_id, [*(t for t in earlier if t > at - _TRY_COUNTS_FOR), at])
    record_act(
        right or (rows[0] if rows else None), ref=reference, detail={"right": right is not None}
    )
    if right is None:
        return None
    session = TrackingCode.objects.create(
        report_id=right.report_id,
        crime_id=right.crime_id,
        person_id=right.person_id,
        # No code opens this row: it is only the session.
        code_hash="",
        sent_at=at,
        expires_at=at,
        used_at=at,
    )
    end_other_sessions(session, at)
    return session.id


def open_session_with_passphrase(
    *, actor: Actor, at: datetime, reference: str, passphrase: str
) -> UUID:
    """Check a passphrase, and return the id of the tracking session that it opens.

    Raises Refused beside the field for a wrong one. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    session_id = exchange_passphrase_for_session(
        actor=actor, at=at, reference=reference, passphrase=passphrase
    )
    if session_id is None:
        raise Refused("victims.passphrase_wrong", field="passphrase")
    return session_id


def lock_open_session(tracking_session_id: UUID, at: datetime) -> TrackingCode:
    """Return an open tracking session, locked. Raises NotFound where it has ended."""
    session = (
        TrackingCode.objects.select_for_update(of=("self",))
        .select_related("report", "crime__number")
        # Also those that a passphrase opened: their code counts as used from the start.
        .filter(id=tracking_session_id, used_at__gt=at - SESSION_DURATION, ended_at=None)
        .first()
    )
    if session is None:
        raise NotFound("There is no such session")
    return session


def get_session_person(session: TrackingCode) -> UUID | None:
    """Return whose session it is."""
    if session.person_id is None and session.report:
        return session.report.person_reporting_id
    return session.person_id


def _require_good_passphrase(text: str) -> str:
    """Return a passphrase as it is hashed. Raises Refused for one that is soon guessed."""
    reject_unstorable(text, field="passphrase")
    passphrase = normalise_passphrase(text)
    if not passphrase:
        raise Refused("victims.passphrase_missing", field="passphrase")
    if len(passphrase) > MAX_PASSPHRASE_LENGTH:
        raise Refused(
            "victims.passphrase_too_long", field="passphrase", max_length=MAX_PASSPHRASE_LENGTH
        )
    if len(passphrase) < MIN_PASSPHRASE_LENGTH:
        raise Refused(
            "victims.passphrase_too_short", field="passphrase", min_length=MIN_PASSPHRASE_LENGTH
        )
    try:
        CommonPasswordValidator().validate(passphrase)
    except ValidationError:
        raise Refused("victims.passphrase_common", field="passphrase") from None
    # "aaaaaaaaaaaa" is on no list of common passwords.
    if len(set(passphrase)) < 4:
        raise Refused("victims.passphrase_common", field="passphrase")
    return passphrase


def _write_wrong_tries(row_id: UUID, wrong_tries: list[datetime]) -> None:
    TrackingPassphrase.objects.filter(id=row_id).update(wrong_tries_at=wrong_tries)


@cache
def _unusable_hash() -> str:
    """Return a hash that no passphrase has, so that hashing takes as long for nobody's."""
    return make_password(str(NO_ROW))
