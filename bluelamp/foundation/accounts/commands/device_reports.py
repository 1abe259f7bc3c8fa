"""What a phone says of itself with each sync, and the order to wipe one."""

import secrets
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.accounts.commands.devices import clean_device_reason, require_other_person
from bluelamp.foundation.accounts.device_models import Device, DeviceReport
from bluelamp.foundation.accounts.device_policy import device_policy
from bluelamp.foundation.accounts.device_rules import (
    MAX_WAITING_THINGS,
    DeviceSelfReport,
    build_signed_text,
    hash_nonce,
    is_public_key,
    is_signature_valid,
)
from bluelamp.foundation.accounts.events import DeviceWiped
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import publish


@command(permission="device.enrol", act="device.reported", category=Category.COLLECTION)
def record_device_report(
    *, actor: Actor, at: datetime, installation_id: UUID, report: DeviceSelfReport
) -> bool:
    """Save what the actor's phone says waits on it, in place of what it said before.

    A blocked phone may say it too: its supervisor wants to know what is on it.

    Returns:
        Whether the phone has an order to wipe itself.

    Raises:
        NotPermitted: The actor has not enrolled this phone.
        Refused: Its wipe key is no P-256 key.
    """
    if report.wipe_key and not is_public_key(report.wipe_key):
        raise Refused("accounts.device_key_invalid", field="wipe_key")
    device = (
        Device.objects.select_for_update()
        .filter(officer_id=actor.id, installation_id=installation_id)
        .first()
    )
    if device is None:
        raise NotPermitted("The device is not enrolled.")
    device.last_seen_at = at
    device.wipe_key = report.wipe_key or device.wipe_key
    device.save(update_fields=["last_seen_at", "wipe_key"])
    things = report.waiting[:MAX_WAITING_THINGS]
    DeviceReport.objects.update_or_create(
        device=device,
        defaults={
            "reported_at": at,
            "app": report.app[:100],
            "clock_error_s": max(-(2**31), min(2**31 - 1, report.clock_error_s)),
            "store_trouble": report.store_trouble[:300],
            "unreadable_count": report.unreadable_count,
            "draft_count": report.draft_count,
            "waiting_count": report.waiting_count,
            "refused_count": report.refused_count,
            "waiting_bytes": report.waiting_bytes,
            "oldest_since": report.oldest_since,
            "waiting": [
                asdict(thing) | {"id": str(thing.id), "since": thing.since.isoformat()}
                for thing in things
            ],
        },
    )
    record_act(device, ref=device.name, detail={"waiting": report.waiting_count})
    return device.wipe_ordered_at is not None and device.wiped_at is None


@command(permission="device.manage", act="device.wipe_ordered")
def order_wipe(
    *, actor: Actor, at: datetime, device_id: UUID, reason: str, accepts_loss: bool
) -> None:
    """Order a blocked phone to delete all that is on it. It does so when it next has signal.

    Nothing is wiped until the phone says so. Evidence that it has not sent is lost: the Criminal
    Procedure and Investigations Act 1996 (Code of Practice, 5.1) wants it kept, so somebody must
    accept that.

    Raises:
        NotFound: There is no such device in the actor's force.
        Refused: There is no reason.
        Conflict: It is not blocked, is the actor's own, was ordered before, or has unsent work and
            nobody accepts that it is lost.
    """
    reason = clean_device_reason(reason)
    device = device_policy.get(actor, lock=True, id=device_id)
    require_other_person(actor, device.officer_id)
    if device.blocked_at is None:
        raise Conflict("accounts.device_not_blocked")
    if device.wipe_ordered_at:
        raise Conflict("accounts.device_wipe_ordered")
    report = DeviceReport.objects.filter(device=device).first()
    if (report is None or report.waiting_count) and not accepts_loss:
        raise Conflict("accounts.device_has_unsent_work")
    device.wipe_ordered_at = at
    device.wipe_ordered_by_name = actor.name[:200]
    device.wipe_reason = reason
    device.wipe_nonce = secrets.token_urlsafe(32)
    device.save(
        update_fields=["wipe_ordered_at", "wipe_ordered_by_name", "wipe_reason", "wipe_nonce"]
    )
    waiting = report.waiting_count if report else "unknown"
    record_act(device, ref=device.name, detail={"reason": reason, "waiting": waiting})


@command(permission="device.manage", act="device.wipe_cancelled")
def cancel_wipe(*, actor: Actor, at: datetime, device_id: UUID, reason: str) -> None:
    """Take back the order to wipe a phone, unless it has said that it is done.

    Raises:
        NotFound: There is no such device in the actor's force.
        Refused: There is no reason.
        Conflict: There is no order, or the phone is wiped.
    """
    reason = clean_device_reason(reason)
    device = device_policy.get(actor, lock=True, id=device_id)
    if device.wipe_ordered_at is None or device.wiped_at:
        raise Conflict("accounts.device_no_wipe_order")
    device.wipe_ordered_at = None
    device.wipe_ordered_by_name = device.wipe_reason = device.wipe_nonce = ""
    device.save(
        update_fields=["wipe_ordered_at", "wipe_ordered_by_name", "wipe_reason", "wipe_nonce"]
    )
    record_act(device, ref=device.name, detail={"reason": reason})


def confirm_wipe(
    *,
    at: datetime,
    installation_id: UUID,
    officer_id: UUID,
    path: str,
    nonce: str,
    signature: str,
    unsent: int,
) -> None:
    """Record that a phone wiped itself, as it says under its own key.

    Nobody may be signed in on it any more, so the signature over the order's nonce is the proof.
    The phone says it before it deletes anything: where the order was taken back, the answer stops
    it. Once this is recorded it deletes all, and goes on after a crash.

    The key that signs requests is locked with the app. A locked phone signs with the key that it
    told us for this alone, which lies open on it: whoever reads that from a stolen phone can say
    that the phone obeyed an order which there is, and nothing more.

    Raises:
        NotFound: There is no such order, or another key signed.
    """
    device = Device.objects.filter(
        officer_id=officer_id, installation_id=installation_id, wipe_ordered_at__isnull=False
    ).first()
    is_ordered = device is not None and secrets.compare_digest(
        device.wipe_nonce.encode(), nonce.encode()
    )
    # One answer for every reason: a stranger learns nothing about phones.
    if device is None or not is_ordered:
        raise NotFound("There is no such order")
    text = build_signed_text(method="POST", path=path, sha256=hash_nonce(nonce), challenge=nonce)
    keys = {"open": device.public_key, "locked": device.wipe_key}
    app = next(
        (
            state
            for state, key in keys.items()
            if key and is_signature_valid(public_key=key, signature=signature, text=text)
        ),
        None,
    )
    if app is None:
        raise NotFound("There is no such order")
    actor = Actor.system("officer app", force=device.force, permissions={"device.manage"})
    _record_wiped(actor=actor, at=at, device_id=device.id, nonce=nonce, unsent=unsent, app=app)


@command(permission="device.manage", act="device.wiped")
def _record_wiped(
    *, actor: Actor, at: datetime, device_id: UUID, nonce: str, unsent: int, app: str
) -> None:
    device = device_policy.get(actor, lock=True, id=device_id)
    # Read again under the lock: an order that was taken back meanwhile must not be carried out.
    if device.wipe_nonce != nonce:
        raise NotFound("There is no such order")
    # The phone did not hear our answer, and says it again.
    if device.wiped_at is None:
        device.wiped_at = at
        device.wiped_unsent = unsent
        device.save(update_fields=["wiped_at", "wiped_unsent"])
        DeviceReport.objects.filter(device=device).delete()
        publish(
            DeviceWiped(
                device_id=device.id,
                installation_id=device.installation_id,
                force=device.force,
                reason=device.wipe_reason,
            )
        )
    record_act(device, ref=device.name, detail={"unsent": unsent, "app": app})
