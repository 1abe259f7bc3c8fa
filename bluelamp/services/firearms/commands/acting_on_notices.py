"""Act on what a holder told us: change the gun's row, follow it up, or note it."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.models import Certificate, Gun, HolderNotice, NoticeAction
from bluelamp.services.firearms.policy import notice_policy
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.guns import OWNED, GunStatus
from bluelamp.services.firearms.rules.listed_guns import NOT_STATED
from bluelamp.services.firearms.rules.notice_actions import NoticeOutcome, list_outcomes
from bluelamp.services.firearms.rules.notices import LOANS, NoticeKind

_LONGEST_REASON = 4_000


@command(permission="firearms.check", act="firearms.notice_acted_on")
def act_on_notice(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    outcome: str,
    reason: str,
    place_id: UUID | None = None,
) -> None:
    """Record what the team does about a notice; `register` changes the gun's row as told.

    Args:
        place_id: For a gun that was acquired: the free place on a firearm certificate, or the
            shotgun certificate, that it goes on.

    Raises:
        NotFound: There is no such notice.
        Refused: The outcome, the reason or the place is missing or wrong.
        Conflict: Somebody else has acted on it.
    """
    notice = notice_policy.get(actor, lock=True, reference=reference)
    text = clean_text(reason, max_length=_LONGEST_REASON, field="reason", label="firearms.reason")
    problems = []
    is_gain = notice.kind == NoticeKind.ACQUIRED
    if outcome not in list_outcomes(notice.kind, has_gun=is_gain or notice.gun_id is not None):
        problems.append(Problem("firearms.notice_outcome_missing", "outcome"))
    if not text:
        problems.append(Problem("firearms.notice_action_reason_missing", "reason"))
    if problems:
        raise Refused(errors=problems)
    # The notice is locked: nobody can act on it after this question.
    if NoticeAction.objects.filter(notice=notice).exists():
        raise Conflict("firearms.notice_acted_on")
    gun = None
    if outcome == NoticeOutcome.REGISTER:
        gun = _add_gun(notice, place_id) if is_gain else _change_gun(notice)
    NoticeAction.objects.create(
        notice=notice,
        outcome=outcome,
        reason=text,
        gun=gun,
        acted_at=at,
        acted_by_id=actor.id,
        acted_by_name=actor.name[:200],
    )
    record_act(notice, ref=notice.reference, detail={"outcome": outcome})


def _change_gun(notice: HolderNotice) -> Gun:
    """Change a gun that its holder told us of: gone, lent, or back from a loan.

    While a late renewal is bridged by a temporary permit, it has a row on that and one on the
    certificate before, which the renewal takes over.
    """
    assert notice.gun_id is not None  # the kinds that are about a gun on a certificate name it
    gun = Gun.objects.select_for_update().get(id=notice.gun_id)
    # Another notice or a decision may have taken it off since the holder wrote.
    if gun.status not in OWNED:
        raise Conflict("firearms.gun_gone")
    is_back = notice.kind == NoticeKind.RETURNED and not gun.is_borrowed
    for row in (gun, *_lock_other_rows(gun)):
        if is_back:
            _take_gun_back(row)
        else:
            _pass_gun_on(row, notice)
    return gun


def _lock_other_rows(gun: Gun) -> list[Gun]:
    """Return the rows of the same gun of the same holder on other certificates."""
    if not gun.serial_key:
        return []
    rows = Gun.objects.select_for_update(of=("self",)).filter(
        certificate__holder_id=gun.certificate.holder_id,
        serial_key=gun.serial_key,
        type=gun.type,
        make=gun.make,
        calibre=gun.calibre,
        status=gun.status,
    )
    return list(rows.exclude(id=gun.id).order_by("id"))


def _pass_gun_on(gun: Gun, notice: HolderNotice) -> None:
    """Mark a gun as lent, or as gone."""
    # Whoever lends a gun keeps the authority to have it: it is theirs, and comes back.
    is_loan = notice.kind == NoticeKind.PASSED_ON and notice.way in LOANS
    gun.status = GunStatus.LENT if is_loan else GunStatus.DISPOSED
    # Who gives a borrowed gun back is not asked for a way: there is only one.
    gun.disposal = notice.kind if notice.kind == NoticeKind.RETURNED else notice.way
    gun.passed_on = notice.happened_on
    # Nor to whom it went: to whoever it came from.
    gun.passed_to_name = notice.other_name or gun.acquired_from_name
    gun.passed_to_address = notice.other_address or gun.acquired_from_address
    gun.save()


def _take_gun_back(gun: Gun) -> None:
    """Mark a gun that was lent or hired out as back with its owner."""
    if gun.status != GunStatus.LENT:
        raise Conflict("firearms.gun_gone")
    gun.status = GunStatus.HELD
    gun.disposal = ""
    # Who had it stays in the notice of the loan, which never changes.
    gun.passed_on = None
    gun.passed_to_name = ""
    gun.passed_to_address = ""
    gun.save()


def _add_gun(notice: HolderNotice, place_id: UUID | None) -> Gun:
    """Put a gun on a certificate of the holder: in a free place, or on a shotgun certificate."""
    # Nothing chosen is like a place of somebody else's: none of these rows has it.
    chosen = place_id or new_id()
    in_force = {"holder_id": notice.holder_id, "state": CertificateState.IN_FORCE}
    certificate = Certificate.objects.filter(
        id=chosen, kind=CertificateKind.SHOTGUN, **in_force
    ).first()
    if certificate is not None:
        gun = Gun(certificate=certificate)
    else:
        # Section 27(3) of the 1968 Act: a firearm certificate names what may be acquired. Locked,
        # so that two guns cannot take one place.
        place = (
            Gun.objects.select_for_update(of=("self",))
            .filter(
                id=chosen,
                status=GunStatus.AUTHORISED,
                revoked_by=None,
                certificate__holder_id=notice.holder_id,
                certificate__state=CertificateState.IN_FORCE,
            )
            .first()
        )
        if place is None:
            raise Refused(errors=[Problem("firearms.notice_place_missing", "place")])
        gun = place
    gun.status = GunStatus.HELD
    gun.type = notice.gun_type
    gun.make = notice.gun_make
    # The register wants a model, and many holders leave it out: it says that it was not stated.
    gun.model = notice.gun_model or NOT_STATED
    gun.calibre = notice.gun_calibre
    gun.serial_number = notice.serial_number
    gun.serial_key = notice.serial_key
    gun.is_borrowed = notice.way in LOANS
    gun.acquired_on = notice.happened_on
    gun.acquired_from_name = notice.other_name
    gun.acquired_from_address = notice.other_address
    gun.save()
    return gun
