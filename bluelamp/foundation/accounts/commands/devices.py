"""Officers' devices: enrol one, block and unblock it, and report one's own as lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from bluelamp.foundation.accounts.device_lookups import DeviceDetail, to_device_detail
from bluelamp.foundation.accounts.device_models import Device, DeviceLimitAlarm
from bluelamp.foundation.accounts.device_policy import device_policy
from bluelamp.foundation.accounts.device_rules import (
    MAX_DEVICES,
    MAX_NAME_LENGTH,
    MAX_REASON_LENGTH,
    is_public_key,
)
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.acts import Category, command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.text import clean_text

ACCOUNT_DEACTIVATED = "The officer’s account was deactivated"
LIMIT_ALARM_PERIOD = timedelta(hours=24)
# A blocked phone that is open asks every few minutes: one entry in this time says that it is about.
BLOCKED_SEEN_PERIOD = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewDevice:
    """What a phone says about itself when an officer enrols it.

    Attributes:
        installation_id: The id that the app made on it.
        name: What the officer calls it.
        public_key: As `device_rules.is_public_key` accepts it.
    """

    installation_id: UUID
    name: str
    public_key: str


def enrol_device(*, actor: Actor, at: datetime, device: NewDevice) -> DeviceDetail:
    """Enrol a phone to the officer who is signed in on it. A second request changes nothing.

    Raises:
        Refused: The name is missing or too long, or the key is no P-256 key.
        Conflict: The officer uses `MAX_DEVICES` already, which is put on the record; or the phone
            was enrolled with another key.
    """
    try:
        return _enrol_device(actor=actor, at=at, device=device)
    except _TooManyDevices:
        # In a transaction of its own: that of the refused enrolment is rolled back.
        record_limit_reached_daily(actor=actor, at=at, limit_ref="devices")
        raise


class _TooManyDevices(Conflict):
    """The officer has as many devices as anybody may have."""


@command(permission="device.enrol", act="device.enrolled", category=Category.COLLECTION)
def _enrol_device(*, actor: Actor, at: datetime, device: NewDevice) -> DeviceDetail:
    name = clean_text(
        device.name, max_length=MAX_NAME_LENGTH, field="name", label="accounts.device_name_label"
    )
    if not name:
        raise Refused("accounts.device_name_missing", field="name")
    if not is_public_key(device.public_key):
        raise Refused("accounts.device_key_invalid", field="public_key")
    if actor.id is None:
        raise NotPermitted("Only a person enrols a device.")
    # Two requests at once would both count the same devices, and pass the limit together.
    lock_officer(actor.id)
    # Of any officer and any force: one phone has one key, whoever signs in on it.
    same_phone = Device.objects.filter(installation_id=device.installation_id)
    if same_phone.exclude(public_key=device.public_key).exists():
        raise Conflict("accounts.device_key_differs")
    row = same_phone.filter(officer_id=actor.id).select_related("officer").first()
    if row is None:
        _check_device_limit(actor.id)
        row = Device.objects.create(
            installation_id=device.installation_id,
            officer_id=actor.id,
            force=actor.force,
            name=name,
            public_key=device.public_key,
            enrolled_at=at,
            last_seen_at=at,
        )
    record_act(row, ref=row.name, detail={"installation": str(row.installation_id)})
    return to_device_detail(row)


@command(permission="device.manage", act="device.blocked")
def block_device(*, actor: Actor, at: datetime, device_id: UUID, reason: str) -> int:
    """Block a phone for every officer of the force who uses it, and return how many that were.

    What it recorded stays on it, and is taken in once a device is unblocked.

    Raises:
        NotFound: There is no such device in the actor's force.
        Refused: There is no reason.
    """
    device = device_policy.get(actor, id=device_id)
    return _block_phone(actor, at, device, clean_device_reason(reason))


@command(permission="device.enrol", act="device.reported_lost")
def report_device_lost(*, actor: Actor, at: datetime, device_id: UUID, reason: str = "") -> int:
    """Block a phone that the actor uses and has lost, for everybody who uses it.

    Returns how many officers used it. Raises NotFound where it is not the actor's own device.
    """
    device = device_policy.get(actor, id=device_id, officer_id=actor.id)
    reason = clean_text(
        reason, max_length=150, field="reason", label="accounts.device_reason_label"
    )
    return _block_phone(
        actor, at, device, f"Reported lost: {reason}" if reason else "Reported lost"
    )


@command(permission="device.manage", act="device.unblocked")
def unblock_device(*, actor: Actor, at: datetime, device_id: UUID, reason: str) -> None:
    """Let an officer use a device again.

    Raises:
        NotFound: There is no such device in the actor's force.
        Refused: There is no reason.
        Conflict: It is the actor's own, or not blocked; the officer's account is deactivated; or
            they use `MAX_DEVICES` others.
    """
    reason = clean_device_reason(reason)
    device = device_policy.get(actor, id=device_id)
    require_other_person(actor, device.officer_id)
    lock_officer(device.officer_id)
    # Read again under both locks: it may have changed while this waited.
    device = device_policy.get(actor, lock=True, id=device_id)
    if device.blocked_at is None:
        raise Conflict("accounts.device_not_blocked")
    # Somebody who left has their devices blocked; nobody may open one again by mistake.
    if not User.objects.filter(id=device.officer_id, is_active=True).exists():
        raise Conflict("accounts.device_officer_deactivated")
    _check_device_limit(device.officer_id)
    before = device.blocked_reason
    device.blocked_at = None
    device.blocked_by_name = ""
    device.blocked_reason = ""
    device.save(update_fields=["blocked_at", "blocked_by_name", "blocked_reason"])
    record_act(device, ref=device.name, detail={"reason": reason, "was_blocked": before})


@command(permission="device.enrol", act="device.limit_reached")
def record_limit_reached(*, actor: Actor, at: datetime, limit_ref: str) -> None:
    """Put on the record, and on the desk's page of devices, that an officer is at a limit.

    Args:
        actor: The officer.
        at: The time.
        limit_ref: `devices` or `numbers`.
    """
    # One row for each officer and limit: somebody at a limit all day fills no page.
    DeviceLimitAlarm.objects.update_or_create(
        officer_id=actor.id,
        limit=limit_ref,
        defaults={"force": actor.force, "reached_at": at},
    )
    record_act(None, ref=limit_ref)


def record_limit_reached_daily(*, actor: Actor, at: datetime, limit_ref: str) -> None:
    """Call `record_limit_reached` unless it was called within `LIMIT_ALARM_PERIOD`.

    A phone asks for numbers every five minutes, and must not fill the record.
    """
    recent = DeviceLimitAlarm.objects.filter(
        officer_id=actor.id, limit=limit_ref, reached_at__gt=at - LIMIT_ALARM_PERIOD
    )
    if not recent.exists():
        record_limit_reached(actor=actor, at=at, limit_ref=limit_ref)


@command(permission="device.enrol", act="device.blocked_seen", category=Category.CONSULTATION)
def record_blocked_device_seen(*, actor: Actor, at: datetime, installation_id: UUID) -> None:
    """Record that a blocked device of the actor's asked for something, and was refused.

    Call it once in `BLOCKED_SEEN_PERIOD`.
    """
    row = Device.objects.get(officer_id=actor.id, installation_id=installation_id)
    row.last_seen_at = at
    row.save(update_fields=["last_seen_at"])
    record_act(row, ref=row.name, detail={"reason": row.blocked_reason})


def block_devices_of(user: User, *, actor: Actor, at: datetime) -> int:
    """Block the devices of somebody whose account is deactivated, inside that command.

    Returns how many were blocked. Colleagues who use the same phones go on using them.
    """
    require_command()
    return Device.objects.filter(officer=user, blocked_at=None).update(
        blocked_at=at, blocked_by_name=actor.name[:200], blocked_reason=ACCOUNT_DEACTIVATED
    )


def lock_officer(officer_id: UUID) -> None:
    """Make other commands that count an officer's devices or numbers wait for this transaction."""
    # An officer who enrols a first device has no row yet to lock.
    lock_until_commit(f"devices of officer {officer_id}")


def require_other_person(actor: Actor, officer_id: UUID) -> None:
    """Raise Conflict where somebody would decide about their own device.

    Otherwise one person could take numbers, give them back and take more without end.
    """
    if actor.id == officer_id:
        raise Conflict("accounts.device_is_own")


def _check_device_limit(officer_id: UUID) -> None:
    in_use = Device.objects.filter(officer_id=officer_id, blocked_at=None).order_by("enrolled_at")
    # Named in the refusal, so that the officer knows which one to give up.
    names = list(in_use.values_list("name", flat=True))
    if len(names) >= MAX_DEVICES:
        raise _TooManyDevices(
            "accounts.too_many_devices", max_devices=MAX_DEVICES, names=", ".join(names)
        )


def _block_phone(actor: Actor, at: datetime, device: Device, reason: str) -> int:
    """Block every enrolment of a phone in the force that is not blocked yet."""
    phone = Q(installation_id=device.installation_id, force=device.force)
    # Locked in one order, so that two who block the same phone at once don't wait for each other.
    rows = list(Device.objects.select_for_update().filter(phone, blocked_at=None).order_by("id"))
    for row in rows:
        row.blocked_at = at
        row.blocked_by_name = actor.name[:200]
        row.blocked_reason = reason
        row.save(update_fields=["blocked_at", "blocked_by_name", "blocked_reason"])
        record_act(row, ref=row.name, detail={"reason": reason, "officer": str(row.officer_id)})
    # Pressing the button twice is on the record too, and does no harm.
    if not rows:
        record_act(device, ref=device.name, detail={"already": "blocked"})
    return len(rows)


def clean_device_reason(reason: str) -> str:
    """Return the reason of a decision about a device. Raises Refused where there is none."""
    reason = clean_text(
        reason,
        max_length=MAX_REASON_LENGTH,
        field="reason",
        label="accounts.device_reason_label",
    )
    if not reason:
        raise Refused("accounts.device_reason_missing", field="reason")
    return reason
