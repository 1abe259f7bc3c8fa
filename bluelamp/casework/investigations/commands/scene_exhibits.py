"""Exhibit references that officers give at the scene, on phones without signal.

An exhibit is the producing person's initials and a consecutive number, AB/1, that is never used
again and never changed (Criminal Procedure Rules 16.3). It is on the bag before we hear of it, so
we can't renumber it: each phone has a block of serials of its officer's alone, and the officer has
initials that nobody else in the force has. The desk counts each case from 1, and phones from
`FIRST_PHONE_SERIAL`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet

from bluelamp.casework.crimes.commands import announce_captured_item
from bluelamp.casework.crimes.commands.linking import lock_groups
from bluelamp.casework.crimes.rules import SceneItem
from bluelamp.casework.investigations.commands.exhibits import add_scene_exhibit
from bluelamp.casework.investigations.models import Exhibit, ExhibitBlock, SceneExhibit
from bluelamp.casework.investigations.policy import exhibit_block_policy, scene_exhibit_policy
from bluelamp.casework.investigations.rules import (
    FIRST_PHONE_SERIAL,
    PHONE_BLOCK,
    initials_unique_in_case,
    parse_exhibit_reference,
    to_producer_key,
)
from bluelamp.foundation.accounts.lookups import UserDetail, get_active_user
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel import clock as our_clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.evidence.models import Item

# Fewer than these left, and a phone gets a further block.
_FEW_LEFT = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class LeasedReferences:
    """The exhibit references that a phone may still give."""

    references: tuple[str, ...]


@command(permission="evidence.take_in", act="exhibit.references_leased")
def lease_exhibit_references(
    *, actor: Actor, at: datetime, device_id: UUID, used_up_to: int
) -> LeasedReferences:
    """Return the references that an officer may give on a phone, with a further block if few.

    Args:
        device_id: The phone.
        used_up_to: The highest serial that the phone has given, whether or not we heard of it.

    Raises:
        NotFound: The actor is no officer.
    """
    officer = _find_officer(actor)
    # One phone at a time: two must never get one block, and two officers never the same initials.
    lock_groups(force=actor.force)
    blocks = exhibit_block_policy.queryset(actor)
    own = list(blocks.filter(officer_id=actor.id).order_by("first"))
    on_phone = [block for block in own if block.device_id == device_id]
    used = max(used_up_to, _highest_used(actor, on_phone))
    if sum(max(0, block.last - max(used, block.first - 1)) for block in on_phone) < _FEW_LEFT:
        block = _lease_block(officer=officer, at=at, device_id=device_id, own=own)
        on_phone.append(block)
        record_act(block, ref=f"{block.initials}/{block.first}", detail={"last": block.last})
    else:
        record_act(None, detail={"leased": "before"})
    return LeasedReferences(
        references=tuple(
            f"{block.initials}/{serial}"
            for block in on_phone
            for serial in range(max(block.first, used + 1), block.last + 1)
        )
    )


@command(permission="evidence.take_in", act="exhibit.announced", category=Category.COLLECTION)
def announce_exhibit(*, actor: Actor, at: datetime, capture: SceneItem, sha256: str) -> bool:
    """Announce an item that an officer made an exhibit at the scene. Its bytes come afterwards.

    Arguments, what is returned and what is raised are those of `announce_captured_item`.

    Raises:
        Refused: The reference is not one of this officer's on this phone, or on another item.
    """
    is_new = announce_captured_item(actor=actor, at=at, capture=capture, sha256=sha256)
    if not is_new:
        record_act(None, ref=capture.exhibit_reference, detail={"received": "before"})
        return False
    parsed = parse_exhibit_reference(capture.exhibit_reference)
    block = parsed and (
        exhibit_block_policy.queryset(actor)
        .filter(
            officer_id=actor.id,
            device_id=capture.device_id,
            initials=parsed[0],
            first__lte=parsed[1],
            last__gte=parsed[1],
        )
        .first()
    )
    if not parsed or not block:
        raise Refused("investigations.exhibit_reference_unknown", field="exhibit_reference")
    initials, serial = parsed
    # Two captures at once must not both find it free.
    lock_groups(force=actor.force)
    same = SceneExhibit.objects.filter(force=actor.force, initials=initials, serial=serial)
    if same.exists():
        raise Refused("investigations.exhibit_reference_used", field="exhibit_reference")
    given = SceneExhibit.objects.create(
        crime_id=capture.crime_id,
        announced_item_id=capture.item_id,
        force=actor.force,
        initials=initials,
        serial=serial,
        description=clean_text(
            capture.description,
            max_length=2000,
            field="description",
            label="investigations.description_label",
        ),
        seal_number=clean_text(
            capture.seal_number,
            max_length=40,
            field="seal_number",
            label="investigations.seal_label",
        ),
        officer_id=block.officer_id,
        officer_name=_find_officer(actor).name[:200],
        # Never in the future, whatever the phone's clock says.
        given_at=min(capture.captured_at, at),
        at=at,
    )
    record_act(
        given,
        ref=given.reference,
        detail={"item": str(capture.item_id), "seal_number": given.seal_number},
    )
    return True


@command(permission="exhibit.add", act="exhibit.scene_added", category=Category.COLLECTION)
def add_received_exhibits(*, actor: Actor, at: datetime) -> int:
    """Make exhibits of what was given a reference at a scene of the force and has arrived since.

    Returns how many there were.
    """
    lock_groups(force=actor.force)
    ready = _ready_exhibits(actor)
    for given in ready:
        add_scene_exhibit(actor=actor, at=at, given=given)
    record_act(None, detail={"references": [given.reference for given in ready]})
    return len(ready)


@periodic(cron="* * * * *", name="investigations.add_received_exhibits", queue=Queue.BULK)
def add_received_exhibits_every_minute() -> None:
    """Make exhibits of what has arrived since the last run, force by force."""
    pending = _pending(SceneExhibit.objects.all())
    # A command acts for one force, and policies show an actor the rows of one.
    for force in sorted(set(pending.values_list("force", flat=True))):
        actor = Actor.system(
            "exhibit register", force=force, permissions={"exhibit.add", "evidence.view"}
        )
        add_received_exhibits(actor=actor, at=our_clock.now())


def _find_officer(actor: Actor) -> UserDetail:
    """Return the actor's account, whose name has no rank before it, as an actor's has."""
    officer = get_active_user(user_id=actor.id) if actor.id else None
    if officer is None:
        raise NotFound("There is no such officer")
    return officer


def _pending(rows: QuerySet[SceneExhibit]) -> QuerySet[SceneExhibit]:
    """Return those whose bytes have arrived and that are no exhibit yet."""
    return rows.filter(
        Exists(Item.objects.filter(id=OuterRef("announced_item_id"))),
        ~Exists(Exhibit.objects.filter(item_id=OuterRef("announced_item_id"))),
    )


def _ready_exhibits(actor: Actor) -> list[SceneExhibit]:
    rows = _pending(scene_exhibit_policy.queryset(actor))
    return list(rows.select_related("crime__number").order_by("given_at", "id"))


def _highest_used(actor: Actor, blocks: list[ExhibitBlock]) -> int:
    """Return the highest serial of the blocks that we heard of."""
    used = 0
    for block in blocks:
        given = scene_exhibit_policy.queryset(actor).filter(
            initials=block.initials, serial__gte=block.first, serial__lte=block.last
        )
        used = max(used, given.aggregate(most=Max("serial"))["most"] or 0)
    return used


def _lease_block(
    *, officer: UserDetail, at: datetime, device_id: UUID, own: list[ExhibitBlock]
) -> ExhibitBlock:
    blocks = ExhibitBlock.objects.filter(force=officer.force)
    key = str(officer.id)
    initials = (
        own[0].initials
        if own
        else initials_unique_in_case(
            officer.name,
            producer_key=key,
            taken={row.initials: str(row.officer_id) for row in blocks},
        )
    )
    last = max(
        blocks.filter(initials=initials).aggregate(most=Max("last"))["most"] or 0,
        Exhibit.objects.filter(crime__force=officer.force, initials=initials).aggregate(
            most=Max("serial")
        )["most"]
        or 0,
        FIRST_PHONE_SERIAL - 1,
    )
    return ExhibitBlock.objects.create(
        force=officer.force,
        initials=initials,
        first=last + 1,
        last=last + PHONE_BLOCK,
        officer_id=officer.id,
        producer_key=to_producer_key(officer.name),
        device_id=device_id,
        leased_at=at,
    )
